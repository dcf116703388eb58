import { expect, test } from "vitest";
import { z } from "zod";
import {
  type ClusterVersionFacts,
  clusterState,
  isAtLeast,
  isMultiArch,
  newestVersion,
} from "../../../controller/decide/cluster-version.ts";
import { fixture } from "./facts.ts";

const ClusterVersion = z.object({
  status: z.object({
    desired: z.object({ version: z.string(), architecture: z.string().optional() }),
    history: z.array(z.object({ state: z.string(), version: z.string() })),
  }),
});

function facts(name: string): ClusterVersionFacts {
  const { history, desired } = fixture(name, ClusterVersion).status;
  return { history, desiredVersion: desired.version, architecture: desired.architecture };
}

const completed = { state: "Completed", version: "4.21.9" };
const partial = { state: "Partial", version: "4.22.0" };

test.each<[string, ClusterVersionFacts | null, unknown]>([
  ["a settled cluster", facts("clusterversion-stable"), { ok: true, value: { version: "4.21.9" } }],
  ["an upgrade", facts("clusterversion-upgrading"), { ok: false, reason: "ClusterUpdating" }],
  ["no object", null, { ok: false, reason: "ClusterUpdating" }],
  ["no history", { history: [], desiredVersion: "4.21.9" }, { ok: false, reason: "ClusterUpdating" }],
  ["Partial alone", { history: [partial], desiredVersion: null }, { ok: false, reason: "ClusterUpdating" }],
  ["Partial first", { history: [partial, completed], desiredVersion: null }, { ok: false, reason: "ClusterUpdating" }],
])("%s", (_, input, expected) => {
  expect(clusterState(input)).toMatchObject(expected as object);
});

test("a payload of several architectures is one also while it is on its way", () => {
  const known = { history: [partial, completed], desiredVersion: null };
  expect([null, known, { ...known, architecture: "Multi" }].map(isMultiArch)).toEqual([false, false, true]);
});

test("the newest version is the one that is coming", () => {
  expect(newestVersion({ history: [partial, completed], desiredVersion: "4.21.9" })).toBe("4.22.0");
  expect(newestVersion({ history: [], desiredVersion: "4.17.1" })).toBe("4.17.1");
  expect(newestVersion(null)).toBeNull();
});

test.each([
  ["4.21.0", true],
  ["4.20.99", false],
  ["5.0.0", true],
  ["4.21.0-0.nightly-2026-08-22-000000", true],
  ["4.9.1", false],
  ["unknown", undefined],
  [null, undefined],
])("%s is at least 4.21: %s", (version, expected) => {
  expect(isAtLeast(version, 4, 21)).toBe(expected);
});
