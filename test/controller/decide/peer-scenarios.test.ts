// The peer's scenarios: what the Machine Config Operator's own tests try, tried on ours; docs/coexistence.md has a row for each.
import { expect, test } from "vitest";
import { tablesOf } from "../../markdown-tables.ts";
import { clusterChecks } from "./peer/cluster.ts";
import { machineSetChecks } from "./peer/machine-sets.ts";
import { peerScenarios } from "./peer/scenarios.ts";

const checks = { ...clusterChecks, ...machineSetChecks };
const applying = peerScenarios.filter(({ applies }) => applies !== "no");
/** What the API server refuses is tried on one: test/flow/peer-refusals.test.ts. */
const here = applying.filter(({ id }) => !id.startsWith("A"));

test.each(here)("$id: $scenario: $ours", ({ id }) => {
  expect.hasAssertions();
  checks[id]?.();
});

test("each check is of a scenario that applies", () => {
  expect(Object.keys(checks).sort()).toEqual(here.map(({ id }) => id).sort());
});

test(`${applying.length} of ${peerScenarios.length} apply`, () => {
  expect(peerScenarios.map(({ id }) => id)).toEqual(ids);
  expect(applying).toHaveLength(32);
  const page = tablesOf("docs/coexistence.md").get(`${applying.length} of ${ids.length} scenarios apply`);
  expect(page).toEqual(
    peerScenarios.map(({ id, scenario, peer, applies, ours }) => [id, scenario, peer, applies, ours]),
  );
});

const ids = [
  ...Array.from({ length: 30 }, (_, index) => `U${index + 1}`),
  ...Array.from({ length: 8 }, (_, index) => `E${index + 1}`),
  ...Array.from({ length: 4 }, (_, index) => `A${index + 1}`),
];
