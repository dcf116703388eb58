// The agent's faults: what a host's rpm-ostree does wrong is said on the Node, in the verdict and the metrics, and passes.
import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentAnnotations } from "../../common/annotations.ts";
import { Report } from "../../common/report.ts";
import { judgedNodes, kubectl, type Stage, scale } from "../demo/stage.ts";
import type { SimulatedNode } from "../lab/simulated-node.ts";
import { machineSetName, type Zone, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { conditions } from "./fault-stage.ts";
import { openStage } from "./open-stage.ts";

const [zone] = zones as [Zone];
let stage: Stage;
let node: SimulatedNode;

beforeAll(async () => {
  stage = await openStage();
  await scale(stage, machineSetName(zone), 1);
  node = await until({ signal: stage.signal, what: "a node that runs", within: 60_000 }, async () => {
    return stage.lab.room?.nodes.values().next().value;
  });
  await reasonIs("DigestMatch");
});
afterAll(() => stage?.lab.close());

async function reasonIs(wanted: string): Promise<void> {
  await until({ signal: stage.signal, what: `the verdict's reason ${wanted}`, within: 30_000 }, async () => {
    const judged = (await judgedNodes(stage)).find(({ name }) => name === node.name);
    if (judged?.reason === wanted) return true;
    throw new Error(`the reason is ${judged?.reason}`);
  });
}

async function report(): Promise<Report> {
  const object = await stage.lab.api.get(`/api/v1/nodes/${node.name}`);
  return Report.parse(JSON.parse(object?.metadata.annotations?.[agentAnnotations.report] ?? "{}"));
}

/** In an Event on the Node, the condition, the controller's metric and both programs' logs, in the same word. */
async function said(reason: string): Promise<void> {
  const { logs } = stage.lab.ground;
  await until({ signal: stage.signal, what: `${reason} in Event, condition, metric and logs` }, async () => {
    const selector = `involvedObject.name=${node.name},type=Warning,reason=${reason}`;
    const event = await kubectl(stage, "get", "events", "-A", "-o", "name", "--field-selector", selector);
    const condition = (await conditions(stage)).get("NodesVerified");
    const metrics = await (await fetch(stage.lab.controller?.metrics ?? "")).text();
    const files = ["controller.log", `agent-${node.name}.log`];
    const texts = await Promise.all(files.map((file) => readFile(join(logs, file), "utf8")));
    return (
      event !== "" &&
      condition?.message.includes(`${node.name}: AgentError/${reason}`) &&
      metrics.includes(`reason="AgentError/${reason}"} 1`) &&
      texts.every((text) => text.includes(reason))
    );
  });
}

async function agentMetrics(): Promise<string> {
  return await (await fetch(node.metrics)).text();
}

const faults = [
  ["daemon-unreachable", "DaemonUnreachable"],
  ["dbus-denied", "DBusDenied"],
  ["daemon-start-failed", "DaemonStartFailed"],
  ["unknown", "CommandFailed"],
  ["rubbish", "UnreadableOutput"],
  ["truncated", "UnreadableOutput"],
  ["huge", "OutputTooLarge"],
  ["crash", "CommandFailed"],
] as const;

describe("rpm-ostree", () => {
  test.each(faults)("%s: %s", async (fault, reason) => {
    await node.fail(fault);
    await reasonIs(`AgentError/${reason}`);
    const { error, booted, bootImage } = await report();
    expect(error?.reason).toBe(reason);
    expect(booted).toBeNull();
    // The aleph file can be read all the same.
    expect(bootImage?.release).toBe(stage.lab.images[0].release);
    const metrics = await agentMetrics();
    expect(metrics).toMatch(new RegExp(`^bootwarden_agent_status_duration_seconds\\{.*result="${reason}"`, "m"));
    expect(metrics).toMatch(/^bootwarden_agent_up\{.*\} 0$/m);
    await said(reason);
    expect(await fetch(node.metrics.replace("/metrics", "/healthz"))).toMatchObject({ status: 200 });
    await node.fail(undefined);
    await reasonIs("DigestMatch");
    expect(await agentMetrics()).toMatch(/^bootwarden_agent_up\{.*\} 1$/m);
  });

  test("missing: NotInstalled", async () => {
    const program = join(node.root, "usr/bin/rpm-ostree");
    await rename(program, `${program}.away`);
    await node.fail(undefined);
    await reasonIs("AgentError/NotInstalled");
    await said("NotInstalled");
    await rename(`${program}.away`, program);
    await node.fail(undefined);
    await reasonIs("DigestMatch");
  });
});
