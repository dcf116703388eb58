import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { judge } from "../../../controller/decide/verdict.ts";
import { fixture, nodeFacts, workerPool } from "./facts.ts";
import { type Case, input, now } from "./judge-input.ts";
import { deployment, digestIn, expected, release, rendered, report } from "./reports.ts";

const machineOSConfig = fixture(
  "machineosconfig-worker",
  z.object({ status: z.object({ currentImagePullSpec: z.string() }) }),
).status.currentImagePullSpec;

const layered = nodeFacts("node-worker-layered");
const pool = workerPool();
const other = `sha256:${"0f".repeat(32)}`;
const mco = "machineconfiguration.openshift.io/";

const wrong = { booted: deployment({ digest: other, image: `ostree-unverified-registry:quay.io/x@${other}` }) };
const indexed = { booted: deployment({ digest: other }) };
const mirrored = { booted: deployment({ image: `ostree-unverified-registry:mirror.example.com/x@${expected}` }) };
const referenced = { booted: deployment({ digestSource: "reference" }) };
const pure = { booted: deployment({ digest: null, digestSource: null, image: null }) };
const staged = { staged: deployment({ booted: false, staged: true, digest: other }) };
const oldAleph = { bootImage: { release: "9.4.20250101-0", source: "x" } };
const paused = { ...pool, paused: true, configuration: "rendered-worker-next" };
const waiting = { ...paused, paused: false };
const layeredImage = { booted: deployment({ digest: digestIn(machineOSConfig) }) };
const osConfigs = [{ pool: "worker", image: machineOSConfig }];
const nextOSConfigs = [{ pool: "worker", image: `registry.lab.example.com/os/worker@${other}` }];
const mirrors = [{ pool: "worker", image: `mirror.example.com/worker@${digestIn(machineOSConfig)}` }];
const configs = (url: string) => new Map([[rendered.metadata.name, url]]);
const gpu = ["gpu", "infra"].map((name) => ({ ...pool, name }));
const windows = { operatingSystem: "windows", osImage: "Windows Server 2022 Datacenter" };
const rhel = { osImage: "Red Hat Enterprise Linux 8.9 (Ootpa)" };
const error = (reason: string) => ({ error: { reason, message: "it said so" }, booted: null });

test.each<[string, Case, string]>([
  // No label
  ["Windows", { report: null, node: windows }, "null NotApplicable"],
  ["RHEL without an agent", { report: null, node: rhel }, "null NotApplicable"],
  ["RHEL with an agent", { report: error("NotOSTreeHost"), node: rhel }, "null NotApplicable"],
  ["CoreOS cannot say it is none", { report: error("NotOSTreeHost") }, "Unknown AgentError/NotOSTreeHost"],
  ["an OS of another name with a report", { node: { osImage: "Acme Linux 1" } }, "Verified DigestMatch"],
  // Unknown
  ["no currentConfig", { annotations: { [`${mco}currentConfig`]: "" } }, "Unknown Joining"],
  ["no pool", { pools: [] }, "Unknown Joining"],
  ["no report", { report: null }, "Unknown NoReport"],
  ["another boot", { report: { bootID: "before" } }, "Unknown ReportOfOtherBoot"],
  ["no boot at all", { report: { bootID: "" }, node: { bootID: "" } }, "Unknown ReportOfOtherBoot"],
  ["no JSON", { report: "{" }, "Unknown ReportInvalid"],
  ["an empty report", { report: "" }, "Unknown ReportInvalid"],
  ["JSON null", { report: "null" }, "Unknown ReportInvalid"],
  ["an older schema", { report: JSON.stringify({ ...report(), v: 0 }) }, "Unknown ReportInvalid"],
  ["a newer schema", { report: JSON.stringify({ ...report(), v: 2 }) }, "Unknown ReportInvalid"],
  ["too long", { report: { warnings: ["x".repeat(4096)] } }, "Unknown ReportInvalid"],
  ["too long in bytes only", { report: { warnings: ["é".repeat(2000)] } }, "Unknown ReportInvalid"],
  ["no release in the aleph", { report: { bootImage: { release: "a b", source: "" } } }, "Verified DigestMatch"],
  ["agent not ready for 10 min", { agentPod: { ready: false, since: now - 600_000 } }, "Unknown AgentNotReady"],
  ["agent not ready for less", { agentPod: { ready: false, since: now - 599_999 } }, "Verified DigestMatch"],
  ["agent not seen", { agentPod: null }, "Verified DigestMatch"],
  ["an error", { report: error("DaemonUnreachable") }, "Unknown AgentError/DaemonUnreachable"],
  ["an invented error", { report: error("x{y}\n") }, "Unknown AgentError/Unexpected"],
  ["an error named after Object's", { report: error("constructor") }, "Unknown AgentError/Unexpected"],
  ["nothing booted", { report: { booted: null } }, "Unknown AgentError/NoBootedDeployment"],
  // Updating
  ["working", { annotations: { [`${mco}state`]: "Working" } }, "Updating NodeUpdating"],
  ["no state", { annotations: { [`${mco}state`]: "" } }, "Updating NodeUpdating"],
  ["another desired", { report: wrong, annotations: { [`${mco}desiredConfig`]: "next" } }, "Updating NodeUpdating"],
  ["another image desired", { annotations: { [`${mco}desiredImage`]: "next" } }, "Updating NodeUpdating"],
  ["staged", { report: staged }, "Updating StagedForReboot"],
  ["staged, and the pool is ahead", { report: staged, pools: [waiting] }, "Updating StagedForReboot"],
  ["staged by the MCO", { report: staged, annotations: { [`${mco}state`]: "Working" } }, "Updating NodeUpdating"],
  ["the pool is ahead", { report: wrong, pools: [waiting] }, "Updating WaitingForPool"],
  ["the pool is paused and ahead", { pools: [paused] }, "Updating PoolPaused"],
  ["the pool is paused", { pools: [{ ...pool, paused: true }] }, "Verified DigestMatch"],
  ["the layered image is not there yet", { machineOSConfigs: osConfigs }, "Updating WaitingForPool"],
  [
    "a newer layered image, and the pool is paused",
    { node: layered, machineOSConfigs: nextOSConfigs, pools: [{ ...pool, paused: true }] },
    "Updating PoolPaused",
  ],
  [
    "the layered pool's next configuration",
    { report: layeredImage, node: layered, machineOSConfigs: osConfigs, pools: [waiting] },
    "Updating WaitingForPool",
  ],
  [
    "the layered image is to go",
    { node: layered, annotations: { [`${mco}desiredImage`]: "" } },
    "Updating NodeUpdating",
  ],
  ["a newer layered image", { node: layered, machineOSConfigs: nextOSConfigs }, "Updating WaitingForPool"],
  // Mismatch
  ["the wrong image", { report: wrong }, "Mismatch OSImageMismatch"],
  ["the wrong image, and degraded by it", { report: wrong, annotations: degraded() }, "Mismatch OSImageMismatch"],
  ["no container image", { report: pure }, "Mismatch OSImageMismatch"],
  ["both wrong", { report: { ...wrong, ...oldAleph } }, "Mismatch OSImageMismatch"],
  ["flashed from another release", { report: oldAleph }, "Mismatch BootImageMismatch"],
  ["no expectation, wrong flash", { report: oldAleph, machineConfigs: configs("x:1") }, "Mismatch BootImageMismatch"],
  ["layered, but runs the plain image", { node: layered, machineOSConfigs: osConfigs }, "Mismatch OSImageMismatch"],
  // Unknown
  ["unpinned", { machineConfigs: configs("quay.io/x:latest") }, "Unknown NoExpectation"],
  [
    "layered, unpinned",
    { node: layered, annotations: imageOf("registry.lab.example.com/os/worker:latest") },
    "Unknown NoExpectation",
  ],
  [
    "layered, pinned by no sha256",
    { node: layered, annotations: imageOf(`x@sha512:${"0".repeat(128)}`) },
    "Unknown NoExpectation",
  ],
  ["an empty osImageURL", { machineConfigs: configs("") }, "Unknown NoExpectation"],
  ["no MachineConfig", { machineConfigs: new Map() }, "Unknown NoExpectation"],
  ["two custom pools, staged", { pools: gpu, report: staged }, "Updating StagedForReboot"],
  ["two custom pools, working", { pools: gpu, annotations: { [`${mco}state`]: "Working" } }, "Updating NodeUpdating"],
  ["two custom pools", { pools: gpu }, "Unknown NoExpectation"],
  // Verified
  ["the digest", {}, "Verified DigestMatch"],
  ["the digest from a mirror", { report: mirrored }, "Verified DigestMatch"],
  ["the reference alone", { report: indexed }, "Verified ReferenceMatch"],
  ["the digest is the reference's", { report: referenced }, "Verified ReferenceMatch"],
  ["layered", { report: layeredImage, node: layered, machineOSConfigs: osConfigs }, "Verified DigestMatch"],
  [
    "layered, named by a mirror",
    { report: layeredImage, node: layered, machineOSConfigs: mirrors },
    "Verified DigestMatch",
  ],
  ["layered without its MachineOSConfig", { report: layeredImage, node: layered }, "Verified DigestMatch"],
  ["a MachineOSConfig not built yet", { machineOSConfigs: [{ pool: "worker", image: null }] }, "Verified DigestMatch"],
  [
    "a MachineOSConfig of another pool",
    { machineOSConfigs: [{ pool: "gpu", image: machineOSConfig }] },
    "Verified DigestMatch",
  ],
  ["a pool that has no configuration yet", { pools: [{ ...pool, configuration: null }] }, "Verified DigestMatch"],
  ["a custom pool that lets worker's wait", { pools: [{ ...pool, name: "gpu" }, waiting] }, "Verified DigestMatch"],
  ["a custom pool that waits", { pools: [{ ...waiting, name: "gpu" }, pool] }, "Updating WaitingForPool"],
  [
    "a custom pool beside master's, which decides",
    {
      pools: [
        { ...waiting, name: "gpu" },
        { ...pool, name: "master" },
      ],
    },
    "Verified DigestMatch",
  ],
  [
    "a layered node of a rendered configuration that is gone",
    { report: layeredImage, node: layered, machineConfigs: new Map() },
    "Verified DigestMatch",
  ],
  ["a boot image that is not known", { machine: null }, "Verified DigestMatch"],
  ["no aleph", { report: { bootImage: null } }, "Verified DigestMatch"],
])("%s", (_, over, wanted) => {
  const { verdict, reason, message } = judge(input(over));
  expect(`${verdict} ${reason}`).toBe(wanted);
  expect(message).toMatch(/^[^\n]{1,1000}$/);
});

function imageOf(pullSpec: string): Record<string, string> {
  return { [`${mco}currentImage`]: pullSpec, [`${mco}desiredImage`]: pullSpec };
}

function degraded(): Record<string, string> {
  return { [`${mco}state`]: "Degraded", [`${mco}reason`]: "unexpected on-disk state" };
}

test("a mismatch names both checks, both digests and both releases", () => {
  const verdict = judge(input({ report: { ...wrong, ...oldAleph } }));
  for (const part of [expected, other, rendered.metadata.name, release, "9.4.20250101-0", "lab-7x2kq-rhcos-fd-east-a"])
    expect(verdict.message).toContain(part);
  expect(verdict).toMatchObject({ bootImageCheck: "Mismatch", osDigest: "0f".repeat(8), bootImage: "9.4.20250101-0" });
});

test("what an earlier boot said is not published", () => {
  expect(judge(input({ report: { bootID: "before" } }))).toMatchObject({
    bootImageCheck: null,
    osDigest: null,
    bootImage: null,
  });
});

test("the boot image is known also where rpm-ostree fails", () => {
  expect(judge(input({ report: error("DaemonUnreachable") }))).toMatchObject({ bootImage: release, osDigest: null });
});

test("an unlocked /usr is said", () => {
  const booted = deployment({ unlocked: "hotfix" });
  expect(judge(input({ report: { booted } })).message).toContain("(unlocked: hotfix)");
});

const odd = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.json({ maxDepth: 4 }),
  fc.constantFrom("[".repeat(4096), '{"v":1}', "\u0000", '"\ud800"'),
  fc
    .record({ digest: fc.string(), image: fc.string(), unlocked: fc.string({ unit: "binary" }) })
    .map((over) => JSON.stringify(report({ booted: deployment(over), warnings: [over.image] }))),
  fc
    .record({ reason: fc.string({ unit: "binary" }), message: fc.string({ unit: "binary", maxLength: 2000 }) })
    .map((over) => JSON.stringify(report({ error: over }))),
);

test("never throws, is never Verified by rubbish, and keeps to one short line", () => {
  fc.assert(
    fc.property(odd, (text) => {
      const { verdict, message, osDigest } = judge(input({ report: text }));
      expect(message).toMatch(/^[^\p{Cc}]{1,1000}$/u);
      expect(osDigest ?? "0".repeat(16)).toMatch(/^[0-9a-f]{16}$/);
      if (verdict === "Verified") expect(text).toContain(expected);
    }),
    { numRuns: 1000 },
  );
});
