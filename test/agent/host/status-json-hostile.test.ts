// What is no status, or a hostile one: every text ends in a record or a typed error.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HostError } from "../../../agent/host/status.ts";
import { parseStatusJson } from "../../../agent/host/status-json.ts";
import { failureOf } from "../../../common/failure.ts";
import { Deployment } from "../../../common/report.ts";

const fixture = () => readFileSync(new URL("../../fixtures/rpm-ostree-status-container.json", import.meta.url), "utf8");
const one = (keys: object) =>
  JSON.stringify({ deployments: [{ checksum: "c", booted: true, ...keys }], transaction: null });
const reasonOf = (text: string) => {
  try {
    return parseStatusJson(text) && null;
  } catch (error) {
    return failureOf(error).reason;
  }
};

describe("what is no status", () => {
  test.each([
    ["nothing", ""],
    ["text", "State: idle"],
    ["null", "null"],
    ["another object", "{}"],
    ["deployments of another type", '{"deployments":{}}'],
    ["a flag of another type", one({ booted: "yes" })],
    ["a string of 5,000 characters", one({ version: "x".repeat(5000) })],
    ["two booted deployments", '{"deployments":[{"booted":true},{"booted":true}]}'],
    ["a truncated status", fixture().slice(0, -20)],
    ["10,000 nested lists", "[".repeat(10_000)],
  ])("%s is UnreadableOutput", (_, text) => {
    expect(reasonOf(text)).toBe("UnreadableOutput");
  });

  test.each([
    ["none", "[]"],
    ["one that is not booted", '[{"booted":false}]'],
  ])("no booted deployment: %s", (_, deployments) => {
    expect(reasonOf(`{"deployments":${deployments}}`)).toBe("NoBootedDeployment");
  });
});

test("any text ends in a status of the schema or in a HostError", () => {
  const json = fixture();
  const mutated = fc
    .tuple(fc.nat(json.length), fc.nat(40), fc.string())
    .map(([at, length, text]) => json.slice(0, at) + text + json.slice(at + length));
  const shaped = fc
    .record({
      deployments: fc.array(
        fc.dictionary(
          fc.constantFrom("booted", "staged", "version", "origin", "packages", "base-commit-meta"),
          fc.jsonValue(),
        ),
      ),
    })
    .map((value) => JSON.stringify(value));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        mutated,
        shaped,
        fc.nat(json.length).map((end) => json.slice(0, end)),
      ),
      (text) => {
        try {
          for (const deployment of parseStatusJson(text).deployments) Deployment.parse(deployment);
        } catch (error) {
          expect(error).toBeInstanceOf(HostError);
        }
      },
    ),
    { numRuns: 1000 },
  );
});
