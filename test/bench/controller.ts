// The benchmark of the controller at scale: its memory, how long it takes to judge a fleet, how soon a report becomes a verdict, and what it does at rest.
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { fleetReport, reportAnnotations } from "../lab/fleet/report.ts";
import { keepUpdating, requireUpdates, updateStatus } from "../lab/fleet/status-updates.ts";
import { until } from "../lab/until.ts";
import { type Course, layCourse } from "./controller-course.ts";
import { visitController } from "./controller-visitors.ts";
import { evaluationsOf } from "./evaluations.ts";
import { cpuSecondsOf, memoryOf } from "./process-cost.ts";
import { openVerdictBoard, type VerdictBoard } from "./verdict-board.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    nodes: { type: "string", default: "5000" },
    changes: { type: "string", default: "1000" },
    "change-seconds": { type: "string", default: "60" },
    "rest-seconds": { type: "string", default: "60" },
  },
});
/** Of all kubelets together: 5,000 of them, each every five minutes. */
const updatesPerSecond = 17;
const say = (line: string) => console.error(line);
const end = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end.abort());
const nodes = Number(values.nodes);

const course = await layCourse(end.signal, say);
try {
  const kubelets = new AbortController();
  const updating = AbortSignal.any([kubelets.signal, course.ground.signal]);
  await course.grow(Math.ceil(nodes / 10));
  const names = course.members.map(({ name }) => name);
  const update = (name: string) => updateStatus(course.api, name);
  const updates = keepUpdating(update, names, { perSecond: updatesPerSecond, signal: updating });
  const board = await openVerdictBoard(course.controlPlane.kubeconfig, updating);
  const small = await judge(course, board);
  await course.controller.stop();
  await course.grow(nodes);
  names.push(...course.members.slice(names.length).map(({ name }) => name));
  const large = await judge(course, board);
  const visiting = visitController(course.controller.metrics, updating);
  const rest = await atRest(course, Number(values["rest-seconds"]));
  const latencies = await changeReports(course, board);
  const { highestMiB } = await memoryOf(course.controller.child().pid);
  kubelets.abort();
  const { intended, arrived } = await updates;
  say(`status updates: ${arrived} of ${intended} arrived`);
  requireUpdates(await updates);
  await Promise.all([visiting, board.ended]);
  const figures = {
    nodes,
    rss_mb: Math.round(Math.max(highestMiB, large.highestMiB)),
    first_evaluation_ms: Math.round(large.firstMs),
    reevaluation_ms: Math.round(Math.max(...large.againMs)),
    verdict_ms_p50: Math.round(percentile(latencies, 50)),
    verdict_ms_p99: Math.round(percentile(latencies, 99)),
    writes_at_rest: rest.writes,
    cpu_percent_at_rest: Math.round(rest.cpuPercent * 100) / 100,
    growth_500_to_5000: Math.round(growth(small, large) * 100) / 100,
  };
  console.log(JSON.stringify(figures, null, values.json ? undefined : 2));
} finally {
  await course.close();
}
process.exit();

interface Judging {
  firstMs: number;
  againMs: number[];
  highestMiB: number;
}

/** Once where most Nodes have no verdict yet, and once, after a restart, where all have it. The second controller stays. */
async function judge(course: Course, board: VerdictBoard): Promise<Judging> {
  const { controller, members, ground } = course;
  const began = performance.now();
  const fresh = await course.start();
  await until({ signal: ground.signal, what: "a verdict on every Node", within: 300_000, every: 50 }, async () => {
    return board.count("Verified") === members.length;
  });
  const written = performance.now() - began;
  const { highestMiB } = await memoryOf(controller.child().pid);
  await controller.stop();
  const known = await course.start();
  const again = await evaluateAgain(course, 5);
  const said = [fresh, written, known, ...again].map((milliseconds) => Math.round(milliseconds));
  say(`${members.length} nodes: judged first, written, judged after a restart, judged again (ms): ${said.join(" ")}`);
  return { firstMs: Math.max(fresh, known), againMs: again, highestMiB };
}

/** Each time by a pool that no Node is in: whether it selects one has to be found out for each of them. */
async function evaluateAgain({ api, controller, ground }: Course, times: number): Promise<number[]> {
  const taken: number[] = [];
  for (let time = 0; time < times; time++) {
    await pause(500);
    const before = await evaluationsOf(controller.metrics);
    await api.apply({
      apiVersion: "machineconfiguration.openshift.io/v1",
      kind: "MachineConfigPool",
      metadata: { name: "infra" },
      spec: {
        paused: false,
        machineConfigSelector: { matchLabels: { "machineconfiguration.openshift.io/role": "infra" } },
        nodeSelector: { matchLabels: { "node-role.kubernetes.io/infra": randomUUID() } },
      },
    });
    const after = await until({ signal: ground.signal, what: "an evaluation of all Nodes" }, async () => {
      const now = await evaluationsOf(controller.metrics);
      return now.count > before.count && now;
    });
    taken.push(((after.seconds - before.seconds) / (after.count - before.count)) * 1000);
  }
  return taken;
}

async function atRest({ controller, writes }: Course, seconds: number) {
  await pause(Math.min(20, seconds) * 1000);
  const { pid } = controller.child();
  const before = [await writes(), await cpuSecondsOf(pid)] as const;
  const began = performance.now();
  await pause(seconds * 1000);
  const passed = (performance.now() - began) / 1000;
  const cpuPercent = (((await cpuSecondsOf(pid)) - before[1]) / passed) * 100;
  const { rssMiB, anonMiB } = await memoryOf(pid);
  say(`at rest: ${cpuPercent.toFixed(2)} % of a core, ${rssMiB.toFixed(0)} MB (${anonMiB.toFixed(0)} anonymous)`);
  return { writes: (await writes()) - before[0], cpuPercent };
}

/** Reports of Nodes all over the fleet change, one after the other; resolves with the milliseconds until each one's verdict. */
async function changeReports({ api, members }: Course, board: VerdictBoard): Promise<number[]> {
  const changes = Number(values.changes);
  const pace = (Number(values["change-seconds"]) * 1000) / changes;
  const digest = `sha256:${"5".repeat(64)}`;
  const began = performance.now();
  const change = async (index: number) => {
    await pause(Math.max(0, began + index * pace - performance.now()));
    const member = members[Math.floor((index * members.length) / changes) % members.length];
    if (member === undefined) throw new TypeError("a fleet has members");
    const annotations = reportAnnotations(fleetReport(member, digest));
    const seen = board.when(member.name, "Updating");
    const asked = performance.now();
    await api.merge(`/api/v1/nodes/${member.name}?fieldManager=bootwarden-agent`, { metadata: { annotations } });
    return (await seen) - asked;
  };
  return await Promise.all([...Array(changes).keys()].map(change));
}

/** Of the first evaluation, or of the median of the others, whichever grew more. */
function growth(small: Judging, large: Judging): number {
  return Math.max(large.firstMs / small.firstMs, percentile(large.againMs, 50) / percentile(small.againMs, 50));
}

function percentile(numbers: readonly number[], percent: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? Number.NaN;
}
