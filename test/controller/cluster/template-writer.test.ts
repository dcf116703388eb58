// The writer of a template: told from managedFields as the API server writes them.
import { expect, test } from "vitest";
import { templateWriter } from "../../../controller/cluster/template-writer.ts";

const owning = (value: unknown) => ({
  "f:spec": { "f:template": { "f:spec": { "f:providerSpec": { "f:value": value } } } },
});
const entry = (manager: string, time: string, fieldsV1: unknown) => ({ manager, time, fieldsV1 });
const template = owning({ ".": {}, "f:template": {} });

test.each<[string, unknown, string | null]>([
  ["none", undefined, null],
  ["nothing of it", [entry("m", "1", { "f:spec": { "f:replicas": {} } })], null],
  ["one", [entry("argocd-controller", "2026-11-20T10:00:00Z", template)], "argocd-controller"],
  ["of other fields of it", [entry("m", "1", owning({ "f:diskGiB": {} }))], null],
  ["as a whole", [entry("m", "1", owning({}))], "m"],
  [
    "the last of two",
    [entry("a", "2026-11-20T10:00:00Z", template), entry("b", "2026-11-20T11:00:00Z", template)],
    "b",
  ],
  ["not of a subresource", [{ ...entry("m", "1", template), subresource: "status" }], null],
  ["no list", "x", null],
  ["odd entries", [{ manager: 3 }], null],
])("%s", (_, managedFields, expected) => {
  expect(templateWriter(managedFields)).toBe(expected);
});
