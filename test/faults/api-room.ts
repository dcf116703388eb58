// The API room: a fleet, the controller with bad lines to its API server, and what must stand on each Node in the end.
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { nodeLabels } from "../../common/annotations.ts";
import type { Report } from "../../common/report.ts";
import { type ControllerProgram, startController } from "../lab/controller-program.ts";
import { type FleetLab, openFleetLab } from "../lab/fleet/fleet-lab.ts";
import type { Member } from "../lab/fleet/member.ts";
import { fleetNode } from "../lab/fleet/node.ts";
import { fleetReport, reportAnnotations, strayReport } from "../lab/fleet/report.ts";
import { until } from "../lab/until.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { startTcpLine, type TcpLine } from "./tcp-line.ts";

export interface ApiRoom {
  lab: FleetLab;
  signal: AbortSignal;
  controller: ControllerProgram;
  /** Between the controller and the API server, in this order. */
  line: TcpLine;
  proxy: FaultProxy;
  /** Changes reports of a part of the fleet; each change is tried until the API server takes it, as an agent does. */
  change: () => Promise<void>;
  /** Waits until every Node has the verdict that its report asks for; resolves with the seconds that took. */
  settled: (within: number) => Promise<number>;
  /** What is not as it must be, though all has settled. */
  wrong: () => Promise<string[]>;
  close: () => Promise<void>;
}

/** What a Node must come to. */
interface Expected {
  verdict: "Verified" | "Updating" | "Mismatch";
  /** Warning Events that must tell of a Mismatch. */
  events: number;
}

interface Fleet {
  lab: FleetLab;
  signal: AbortSignal;
  expected: Map<string, Expected>;
  /** Counts the changes. */
  round: number;
}

const size = 60;
/** Nodes of one change: those of the next are others. */
const share = 7;

export async function openApiRoom(): Promise<ApiRoom> {
  const { signal } = new AbortController();
  const lab = await openFleetLab({ machineSets: 4, say: console.error }, signal);
  const { ground, api, controlPlane, members } = lab;
  await lab.grow(size);
  const proxy = await startFaultProxy(ground, { target: controlPlane.url });
  const line = await startTcpLine(proxy.port, ground.signal);
  const controller = await startController({ ground, api, url: `https://127.0.0.1:${line.port}` });
  const kubelet = new AbortController();
  const kept = keepRunning(controller, kubelet.signal);
  const expected = new Map(members.map(({ name }): [string, Expected] => [name, { verdict: "Verified", events: 0 }]));
  const fleet = { lab, signal, expected, round: 0 };
  await settled(fleet, 60_000);
  return {
    lab,
    signal,
    controller,
    line,
    proxy,
    change: () => change(fleet),
    settled: (within) => settled(fleet, within),
    wrong: () => wrong(fleet),
    close: async () => {
      kubelet.abort();
      await controller.stop();
      await kept;
      await lab.close();
    },
  };
}

/** As a kubelet does with a container that ended since it had lost its Lease; on this machine that may be, when it is very busy. */
async function keepRunning(controller: ControllerProgram, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const { ended, logFile } = controller.child();
    await ended;
    if (signal.aborted || !(await readFile(logFile, "utf8")).trim().split("\n").at(-1)?.includes("LeadershipLost"))
      return;
    await controller.start().catch(() => undefined);
  }
}

/** In turn over the fleet: five get an image staged, or lose it; one boots an image that nobody asked for, or mends; one is made anew. */
async function change(fleet: Fleet): Promise<void> {
  const { lab, expected } = fleet;
  const turn = (index: number) => {
    const member = lab.members[(fleet.round * share + index) % size];
    if (member === undefined) throw new TypeError("a fleet has members");
    return { member, now: expected.get(member.name)?.verdict };
  };
  const staged = [0, 1, 2, 3, 4].map(turn);
  const [mismatch, anew] = [turn(5), turn(6)];
  fleet.round += 1;
  for (const { member, now } of staged) {
    const isStaged = now === "Updating";
    await report(fleet, member, fleetReport(member, isStaged ? null : `sha256:${"5".repeat(64)}`));
    expect(fleet, member, isStaged ? "Verified" : "Updating");
  }
  const healed = mismatch.now === "Mismatch";
  await report(fleet, mismatch.member, healed ? fleetReport(mismatch.member) : strayReport(mismatch.member));
  expect(fleet, mismatch.member, healed ? "Verified" : "Mismatch");
  await makeAnew(fleet, anew.member);
}

function expect({ expected }: Fleet, { name }: Member, verdict: Expected["verdict"]): void {
  const events = (expected.get(name)?.events ?? 0) + (verdict === "Mismatch" ? 1 : 0);
  expected.set(name, { verdict, events });
}

async function report({ lab, signal }: Fleet, { name }: Member, report: Report): Promise<void> {
  const patch = { metadata: { annotations: reportAnnotations(report) } };
  await until({ signal, what: `the report of ${name}`, within: 120_000, every: 500 }, () =>
    lab.api.merge(`/api/v1/nodes/${name}`, patch),
  );
}

/** The Node goes and another comes under its name, in another boot and with nothing staged. */
async function makeAnew(fleet: Fleet, member: Member): Promise<void> {
  const { lab, signal, expected } = fleet;
  const next = { ...member, bootID: randomUUID() };
  const node = fleetNode(next);
  lab.members[lab.members.indexOf(member)] = next;
  await until({ signal, what: `${member.name} made anew`, within: 120_000, every: 500 }, async () => {
    await lab.api.remove(`/api/v1/nodes/${member.name}`);
    return await lab.api.send("POST", "/api/v1/nodes", node);
  });
  // Events of the old Node are of its uid.
  expected.set(member.name, { verdict: "Verified", events: 0 });
}

async function settled({ lab, signal, expected }: Fleet, within: number): Promise<number> {
  const began = performance.now();
  await until({ signal, what: "every verdict", within, every: 200 }, async () => {
    const nodes = await lab.api.list("/api/v1/nodes");
    const other = nodes.flatMap(({ metadata: { name, labels } }) => {
      const [is, must] = [labels?.[nodeLabels.verdict], expected.get(name)?.verdict];
      return is === must ? [] : [`${name} is ${is} and must be ${must}`];
    });
    if (other.length === 0 && nodes.length === expected.size) return true;
    throw new Error(`${nodes.length} Nodes: ${other.join(", ")}`);
  });
  return (performance.now() - began) / 1000;
}

const Event = z.object({ involvedObject: z.object({ uid: z.string() }), reason: z.string(), count: z.number() });

async function wrong({ lab, signal, expected }: Fleet): Promise<string[]> {
  const nodes = await lab.api.list("/api/v1/nodes");
  const look = async () => {
    const events = (await lab.api.list("/api/v1/namespaces/default/events")).map((event) => Event.parse(event));
    return nodes.flatMap(({ metadata: { name, uid } }) => {
      const told = events.filter(({ involvedObject }) => involvedObject.uid === uid);
      const must = expected.get(name)?.events ?? 0;
      return told.length === must ? [] : [`${told.length} Events and not ${must} tell of ${name}`];
    });
  };
  // An Event may come a moment after the verdict.
  const all = until({ signal, what: "the Events", within: 15_000 }, async () => (await look()).length === 0);
  return await all.then(
    () => [],
    () => look(),
  );
}
