// The verification: it judges the Nodes that something changed for, and nothing happens for what nothing depends on.
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { nodeAnnotations, nodeLabels } from "../../common/annotations.ts";
import { machineApi } from "../lab/fleet/fleet.ts";
import { podName } from "../lab/fleet/pod.ts";
import { fleetReport } from "../lab/fleet/report.ts";
import { updateStatus } from "../lab/fleet/status-updates.ts";
import { until } from "../lab/until.ts";
import { openVerificationRoom, pathOf, type VerificationRoom } from "./verification-room.ts";

let room: VerificationRoom;

beforeAll(async () => {
  room = await openVerificationRoom(6);
});
afterAll(() => room?.close());

describe("nothing happens", () => {
  test.each<[string, () => Promise<unknown>]>([
    ["when kubelets update their status", () => updateStatus(room.api, room.member(0).name)],
    [
      "when a Node gets an annotation of somebody else's",
      () =>
        room.api.merge(pathOf(room.member(0)), { metadata: { annotations: { "example.com/a": `${Math.random()}` } } }),
    ],
    [
      "when a Machine's status is updated",
      () =>
        room.api.merge(`${machineApi}/machines/${room.member(0).name}/status`, {
          status: { lastUpdated: new Date().toISOString(), providerStatus: { taskRef: `task-${Math.random()}` } },
        }),
    ],
  ])("%s", async (_, happen) => {
    // What went before has had its pass over the templates.
    await pause(2_500);
    const before = await room.doings();
    for (let time = 0; time < 5; time++) await happen();
    await pause(2_500);
    expect(await room.doings()).toEqual(before);
  });
});

describe("a Node alone is judged", () => {
  test("when its report changes", async () => {
    const before = await room.doings();
    await room.report(room.member(0), fleetReport(room.member(0), `sha256:${"5".repeat(64)}`));
    await room.comesTo(room.member(0), "StagedForReboot");
    await room.report(room.member(0), fleetReport(room.member(0)));
    await room.comesTo(room.member(0), "DigestMatch");
    const after = await room.doings();
    expect(after.all).toBe(before.all);
    expect(after.some).toBeGreaterThan(before.some);
    expect(after.calls).toBe(before.calls);
  });

  test("when somebody takes its verdict away", async () => {
    const before = await room.doings();
    await room.api.merge(pathOf(room.member(1)), { metadata: { labels: { [nodeLabels.verdict]: null } } });
    await until({ signal: room.signal, what: "the label" }, async () => {
      return (await room.api.get(pathOf(room.member(1))))?.metadata.labels?.[nodeLabels.verdict] === "Verified";
    });
    expect((await room.doings()).all).toBe(before.all);
  });

  test("when its Machine goes and comes", async () => {
    const path = `${machineApi}/machines/${room.member(2).name}`;
    const machine = await room.api.get(path);
    await room.api.remove(path);
    const check = async (is: string) =>
      await until({ signal: room.signal, what: `boot-image check ${is}` }, async () => {
        return (
          (await room.api.get(pathOf(room.member(2))))?.metadata.annotations?.[nodeAnnotations.bootImageCheck] === is
        );
      });
    await check("NotKnown/NoMachine");
    const { resourceVersion, uid, ...metadata } = machine?.metadata ?? { name: "" };
    await room.api.send("POST", `${machineApi}/machines`, { ...machine, metadata });
    await room.api.merge(`${path}/status`, { status: machine?.status });
    await check("Match");
  });

  test("when its agent's pod has not been Ready for ten minutes, without any other event", async () => {
    const pod = `/api/v1/namespaces/bootwarden/pods/${podName(room.member(3).name)}/status`;
    const ready = (status: string, since: number) =>
      room.api.patch(
        pod,
        { status: { conditions: [{ type: "Ready", status, lastTransitionTime: new Date(since).toISOString() }] } },
        "application/strategic-merge-patch+json",
      );
    // The API server keeps whole seconds.
    const since = Math.floor(Date.now() / 1000) * 1000 - 10 * 60_000 + 6_000;
    await ready("False", since);
    await pause(3_000);
    await room.comesTo(room.member(3), "DigestMatch", 1_000);
    await room.comesTo(room.member(3), "AgentNotReady", 8_000);
    expect(Date.now()).toBeGreaterThanOrEqual(since + 10 * 60_000);
    await ready("True", Date.now());
    await room.comesTo(room.member(3), "DigestMatch");
  });
});

describe("all Nodes are judged when a pool", () => {
  const pools = "/apis/machineconfiguration.openshift.io/v1/machineconfigpools";

  test("is renamed", async () => {
    const worker = await room.api.get(`${pools}/worker`);
    await room.api.remove(`${pools}/worker`);
    await Promise.all(room.lab.members.map((member) => room.comesTo(member, "Joining")));
    const renamed = { ...worker, metadata: { name: "compute" } };
    await room.api.send("POST", pools, renamed);
    await Promise.all(room.lab.members.map((member) => room.comesTo(member, "DigestMatch")));
    await room.api.send("POST", pools, { ...worker, metadata: { name: "worker" } });
    await room.api.remove(`${pools}/compute`);
    await pause(1_000);
    await Promise.all(room.lab.members.map((member) => room.comesTo(member, "DigestMatch")));
  });

  test("asks for another configuration", async () => {
    const asked = (name: string) => room.api.merge(`${pools}/worker`, { spec: { configuration: { name } } });
    const before = z.object({ spec: z.object({ configuration: z.object({ name: z.string() }) }) });
    const { name } = before.parse(await room.api.get(`${pools}/worker`)).spec.configuration;
    await asked("rendered-worker-ffff");
    await Promise.all(room.lab.members.map((member) => room.comesTo(member, "WaitingForPool")));
    await asked(name);
    await Promise.all(room.lab.members.map((member) => room.comesTo(member, "DigestMatch")));
  });
});
