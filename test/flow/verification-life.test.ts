// The verification over the lives of Nodes, MachineConfigs and itself: what clings to none, what is asked for again, what a restart changes.
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { fleetNode } from "../lab/fleet/node.ts";
import { reportAnnotations, strayReport } from "../lab/fleet/report.ts";
import { until } from "../lab/until.ts";
import { openVerificationRoom, pathOf, type VerificationRoom } from "./verification-room.ts";

let room: VerificationRoom;

beforeAll(async () => {
  room = await openVerificationRoom(4);
});
afterAll(() => room?.close());

async function warnings(uid: string | undefined): Promise<string[]> {
  const Event = z.object({ reason: z.string(), involvedObject: z.object({ uid: z.string().optional() }) });
  const events = (await room.api.list("/api/v1/namespaces/default/events")).map((event) => Event.parse(event));
  return events.flatMap(({ reason, involvedObject }) => (involvedObject.uid === uid ? [reason] : []));
}

test("a Node that follows another of its name waits for its own two evaluations, and has its own Event", async () => {
  const member = room.member(0);
  await room.report(member, strayReport(member));
  const first = await room.comesTo(member, "OSImageMismatch");
  const next = { ...member, bootID: "00000000-1111-4222-8333-944455556666" };
  const node = fleetNode(next);
  const metadata = {
    ...node.metadata,
    annotations: { ...node.metadata.annotations, ...reportAnnotations(strayReport(next)) },
  };
  await room.api.remove(pathOf(member));
  const began = Date.now();
  const annotations = Object.entries(metadata.annotations).filter(([, value]) => value !== null);
  await room.api.send("POST", "/api/v1/nodes", {
    ...node,
    metadata: { ...metadata, annotations: Object.fromEntries(annotations) },
  });
  const second = await room.comesTo(member, "OSImageMismatch");
  // The lab's controller confirms after five seconds.
  expect(Date.now() - began).toBeGreaterThanOrEqual(5_000);
  expect(second.metadata.uid).not.toBe(first.metadata.uid);
  await until(
    { signal: room.signal, what: "an Event of each" },
    async () => (await warnings(second.metadata.uid)).length > 0,
  );
  expect([await warnings(first.metadata.uid), await warnings(second.metadata.uid)]).toEqual([
    ["OSImageMismatch"],
    ["OSImageMismatch"],
  ]);
});

test("a MachineConfig that comes late is asked for again, without any other event", async () => {
  const name = "rendered-worker-0123456789abcdef0123456789abcdef";
  const configs = "/apis/machineconfiguration.openshift.io/v1/machineconfigs";
  const config = z.object({ spec: z.unknown() });
  const now = (await room.api.get(pathOf(room.member(1))))?.metadata.annotations?.[
    "machineconfiguration.openshift.io/currentConfig"
  ];
  const { spec } = config.parse(await room.api.get(`${configs}/${now}`));
  const named = (value: string) => ({
    metadata: {
      annotations: {
        "machineconfiguration.openshift.io/currentConfig": value,
        "machineconfiguration.openshift.io/desiredConfig": value,
      },
    },
  });
  const pools = "/apis/machineconfiguration.openshift.io/v1/machineconfigpools/worker";
  await room.api.merge(pathOf(room.member(1)), named(name));
  await room.comesTo(room.member(1), "WaitingForPool");
  await room.api.merge(pools, { spec: { configuration: { name } } });
  await room.comesTo(room.member(1), "NoExpectation");
  await room.api.send("POST", configs, {
    apiVersion: "machineconfiguration.openshift.io/v1",
    kind: "MachineConfig",
    metadata: { name },
    spec,
  });
  await room.comesTo(room.member(1), "DigestMatch", 75_000);
  await room.api.merge(pathOf(room.member(1)), named(now ?? ""));
  await room.api.merge(pools, { spec: { configuration: { name: now } } });
  await Promise.all(
    room.lab.members.filter((_, index) => index !== 0).map((member) => room.comesTo(member, "DigestMatch")),
  );
});

test("a restart writes nothing, and at no moment tells of Nodes as unknown", async () => {
  const status = async () => (await room.api.get("/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster"))?.status;
  await until({ signal: room.signal, what: "no Node Updating in the status", within: 30_000 }, async () =>
    JSON.stringify(await status()).includes('"updating":0'),
  );
  await pause(3_000);
  const before = await room.doings();
  const told = await status();
  await room.controller.stop();
  await room.controller.start();
  const served: string[] = [];
  await until({ signal: room.signal, what: "an evaluation", every: 20 }, async () => {
    const metrics = await (await fetch(room.controller.metrics)).text();
    served.push(
      ...metrics.split("\n").filter((line) => /^bootwarden_nodes\{verdict="(Verified|Unknown)"\}/.test(line)),
    );
    return metrics.includes("bootwarden_node_verdict{");
  });
  await pause(3_000);
  expect(await status()).toEqual(told);
  expect((await room.doings()).writes.slice(before.writes.length)).toEqual([]);
  expect([...new Set(served)].sort()).toEqual([
    'bootwarden_nodes{verdict="Unknown"} 0',
    'bootwarden_nodes{verdict="Verified"} 3',
  ]);
});
