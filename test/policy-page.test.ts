// docs/policy.md: a row for each field of the policy's spec, with what it is when it is left out.
import { expect, test } from "vitest";
import { z } from "zod";
import { builtManifests } from "./manifests/built.ts";
import { tablesOf } from "./markdown-tables.ts";

interface Schema {
  type: string;
  default?: unknown;
  properties?: Record<string, Schema> | undefined;
  items?: Schema | undefined;
}
const Schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    type: z.string(),
    default: z.unknown().optional(),
    properties: z.record(z.string(), Schema).optional(),
    items: Schema.optional(),
  }),
);
const Crd = z.object({
  spec: z.object({
    versions: z.tuple([
      z.object({ schema: z.object({ openAPIV3Schema: z.object({ properties: z.object({ spec: Schema }) }) }) }),
    ]),
  }),
});

/** A selector is Kubernetes' own. */
const whole = /machineResourceSelector$/;

function fields(path: string, schema: Schema, given: unknown = schema.default): string[][] {
  if (schema.items !== undefined) return fields(`${path}[]`, schema.items);
  if (schema.properties === undefined || whole.test(path)) return [[path, given === undefined ? "" : `${given}`]];
  return Object.entries(schema.properties).flatMap(([name, property]) =>
    fields(`${path}.${name}`, property, property.default ?? Reflect.get(Object(given), name)),
  );
}

test("every field, and no other", async () => {
  const crd = (await builtManifests()).find(({ kind }) => kind === "CustomResourceDefinition");
  const { spec } = Crd.parse(crd).spec.versions[0].schema.openAPIV3Schema.properties;
  const rows = (tablesOf("docs/policy.md").get("Fields") ?? []).map(([field, leftOut]) => [field, leftOut]);
  expect(rows.toSorted()).toEqual(fields("spec", spec).toSorted());
});
