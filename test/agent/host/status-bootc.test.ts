import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { HostError } from "../../../agent/host/status.ts";
import { isBootc, parseBootcStatus } from "../../../agent/host/status-bootc.ts";
import { failureOf } from "../../../common/failure.ts";
import { Deployment } from "../../../common/report.ts";

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const entry = (version: string, parts: object = {}) => ({
  image: {
    image: { image: "quay.io/example/os:latest", transport: "registry", signature: "insecure" },
    version,
    timestamp: null,
    imageDigest: digest("a"),
  },
  cachedUpdate: null,
  incompatible: false,
  pinned: false,
  ostree: { checksum: "c".repeat(64), deploySerial: 0 },
  ...parts,
});
const host = (status: object) =>
  JSON.stringify({ apiVersion: "org.containers.bootc/v1alpha1", kind: "BootcHost", spec: {}, status });
const reasonOf = (text: string) => {
  try {
    return parseBootcStatus(text) && null;
  } catch (error) {
    return failureOf(error).reason;
  }
};

test("staged, booted and rollback in boot order, in the words of our record", () => {
  const status = parseBootcStatus(
    host({ rollback: entry("old"), booted: entry("now", { pinned: true }), staged: entry("new"), type: "bootcHost" }),
  );
  expect(status.deployments.map(({ version }) => version)).toEqual(["new", "now", "old"]);
  expect(status.deployments[1]).toEqual({
    booted: true,
    staged: false,
    image: "registry:quay.io/example/os:latest",
    digest: digest("a"),
    digestSource: "manifest",
    version: "now",
    checksum: "c".repeat(64),
    baseChecksum: null,
    pinned: true,
    unlocked: "none",
    liveReplaced: null,
  });
  expect(status.deployments[0]).toMatchObject({ booted: false, staged: true });
  expect(status).toMatchObject({ state: null, transaction: null, warnings: [] });
});

test("a rollback that is queued is booted next; others come last", () => {
  const status = host({
    booted: entry("now"),
    rollback: entry("old"),
    rollbackQueued: true,
    otherDeployments: [entry("x")],
  });
  expect(parseBootcStatus(status).deployments.map(({ version }) => version)).toEqual(["old", "now", "x"]);
});

test.each([
  ["readWrite", "transient", "development"],
  ["readWrite", "persistent", "hotfix"],
  ["readOnly", "transient", "transient"],
])("a /usr overlay %s, %s is %s", (accessMode, persistence, unlocked) => {
  const { deployments } = parseBootcStatus(host({ booted: entry("1"), usrOverlay: { accessMode, persistence } }));
  expect(deployments[0]?.unlocked).toBe(unlocked);
});

test("the composefs backend has no ostree commit", () => {
  const booted = entry("1", { ostree: null, composefs: { verity: "f", bootType: "Uki" } });
  expect(parseBootcStatus(host({ booted })).deployments[0]).toMatchObject({ checksum: null, digest: digest("a") });
});

test("a download-only update is told to be locked", () => {
  const status = parseBootcStatus(host({ booted: entry("1"), staged: entry("2", { downloadOnly: true }) }));
  expect(status.warnings).toEqual(["staged: locked, a reboot does not finalize it"]);
});

describe("what is no status of a host that runs", () => {
  test.each([
    ["no JSON", "State: idle", "UnreadableOutput"],
    ["rpm-ostree's", '{"deployments":[]}', "UnreadableOutput"],
    ["another object", '{"apiVersion":"v1","status":{}}', "UnreadableOutput"],
    ["a digest of another type", host({ booted: { image: { image: { image: 1 } } } }), "UnreadableOutput"],
    ["of a host that bootc did not install", host({ booted: null, type: null }), "NoBootedDeployment"],
    [
      "of a host with packages of its own",
      host({ booted: entry("", { image: null, incompatible: true }) }),
      "NeedsRpmOSTree",
    ],
  ])("%s", (_, text, reason) => {
    expect(reasonOf(text)).toBe(reason);
  });

  test("any JSON ends in a status of the schema or in a HostError", () => {
    const keys = fc.constantFrom("staged", "booted", "rollback", "rollbackQueued", "usrOverlay", "otherDeployments");
    const some = fc.oneof(fc.jsonValue(), fc.constant(entry("1")), fc.constant([entry("2")]), fc.boolean());
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.dictionary(keys, some).map(host)), (text) => {
        expect([true, false]).toContain(isBootc(JSON.parse(text)));
        try {
          for (const deployment of parseBootcStatus(text).deployments)
            z.strictObject(Deployment.shape).parse(deployment);
        } catch (error) {
          expect(error).toBeInstanceOf(HostError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
