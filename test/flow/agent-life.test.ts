// The life of an agent: whatever happens to its host, its Node, its token and the API server, the Node says in the end what the host runs.
import { kill } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { agentAnnotations } from "../../common/annotations.ts";
import { Report } from "../../common/report.ts";
import type { Stage } from "../demo/stage.ts";
import { osDigest, osImage } from "../lab/releases.ts";
import { bootNode, type SimulatedNode } from "../lab/simulated-node.ts";
import { until } from "../lab/until.ts";
import { openStage } from "./open-stage.ts";

const name = "worker-0";
const path = `/api/v1/nodes/${name}`;
const first = osDigest("first");
let stage: Stage;
let node: SimulatedNode;

beforeAll(async () => {
  stage = await openStage({ controller: false, machineSets: false, nodes: false });
  const { ground, api, controlPlane } = stage.lab;
  const agentEnvironment = { SLOW_CHECK_SECONDS: "4", COMMAND_TIMEOUT_SECONDS: "3" };
  const birth = {
    name,
    providerId: "vsphere://c1f51342-5b9a-376f-2b1d-0a5e8ff2c901",
    release: "9.6.20260101-0",
    config: { name: "rendered-worker-1", osImageUrl: osImage(first) },
  };
  node = await bootNode({ ground, api, url: controlPlane.url, agentEnvironment }, birth);
});
afterAll(async () => {
  await node?.shutDown();
  await stage?.lab.close();
});
afterEach(() => node.fail(undefined));
beforeEach(() => says({ booted: expect.objectContaining({ digest: expect.any(String) }), error: null }));

async function annotations(): Promise<Record<string, string>> {
  return (await stage.lab.api.get(path))?.metadata.annotations ?? {};
}

/** Waits until the Node's report is as expected. */
async function says(expected: object, within = 30_000): Promise<Report> {
  return await until({ signal: stage.signal, what: "a report as expected", within }, async () => {
    const report = Report.parse(JSON.parse((await annotations())[agentAnnotations.report] ?? "{}"));
    expect(report).toMatchObject(expected);
    return report;
  });
}

let images = 0;
function nextImage(): { image: string; digest: string } {
  images += 1;
  const digest = osDigest(`image ${images}`);
  return { image: osImage(digest), digest };
}

test("an update that is staged, and rebooted into, and rolled back", async () => {
  const { image, digest } = nextImage();
  const before = await says({ booted: { digest: first }, staged: null });
  await node.stage(image, "9.8.1");
  await says({ booted: { digest: first }, staged: { digest } });
  expect((await annotations())[agentAnnotations.stagedDigest]).toBe(digest);
  await node.reboot();
  const after = await says({ booted: { digest, version: "9.8.1" }, staged: null, rollback: { digest: first } });
  expect(after.bootID).not.toBe(before.bootID);
  expect(await annotations()).not.toHaveProperty(agentAnnotations.stagedDigest);
  await node.rollBack();
  await node.reboot();
  await says({ booted: { digest: first }, rollback: { digest } });
  expect((await annotations())[agentAnnotations.bootedDigest]).toBe(first);
});

test("an unlock, which leaves no trace, is found by the slow check", async () => {
  await node.unlock();
  await says({ booted: { unlocked: "development" } });
  await node.bootImage(osImage(first), "9.8.2");
  await says({ booted: { unlocked: "none" } });
});

test("an rpm-ostree that hangs is left alone in time, and asked again", async () => {
  await node.fail("hang");
  await says({ error: { reason: "TimedOut" }, booted: null });
  await node.fail(undefined);
  await says({ error: null, booted: { digest: first } });
});

test.each([
  ["a daemon that is down", "daemon-unreachable", "DaemonUnreachable"],
  ["a disk that is full", "disk-full", "CommandFailed"],
])("%s is said, and passes", async (_, fault, reason) => {
  await node.fail(fault);
  await says({ error: { reason }, booted: null });
  await node.fail(undefined);
  await says({ error: null });
});

test("an API server that is away for a minute", { timeout: 180_000 }, async () => {
  const { image, digest } = nextImage();
  const apiServer = stage.lab.controlPlane.children.find((child) => child.name.includes("apiserver"));
  const { pid } = apiServer ?? expect.unreachable("the lab has no API server");
  kill(pid, "SIGSTOP");
  try {
    await node.stage(image, "9.8.3");
    await sleep(60_000);
  } finally {
    kill(pid, "SIGCONT");
  }
  await says({ staged: { digest } }, 60_000);
});

test("a Node that is deleted and registered again has its report again", async () => {
  await stage.lab.api.remove(path);
  await sleep(1_000);
  await node.registerAgain();
  await says({ error: null });
});

test("annotations that somebody takes away come back", async () => {
  await stage.lab.api.merge(path, { metadata: { annotations: { [agentAnnotations.report]: null } } });
  await says({ error: null });
});

test("a token that is no good any more, and the next one, without a restart", async () => {
  const { image, digest } = nextImage();
  const before = node.agentPid;
  await node.rotateToken("spoilt");
  await node.stage(image, "9.8.4");
  await sleep(5_000);
  expect((await says({})).staged?.digest).not.toBe(digest);
  await node.rotateToken();
  await says({ staged: { digest } }, 60_000);
  expect(node.agentPid).toBe(before);
});
