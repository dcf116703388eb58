// The benchmark of the agent: its memory after many reports, what it does at rest, how soon it tells of a change, and how soon it is there.

import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Course, layCourse } from "./agent-course.ts";
import { visit } from "./agent-visitors.ts";
import { tenths } from "./figure.ts";
import { cpuSecondsOf, type Memory, memoryOf } from "./process-cost.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    reports: { type: "string", default: "20" },
    "idle-seconds": { type: "string", default: "300" },
    changes: { type: "string", default: "30" },
    starts: { type: "string", default: "5" },
  },
});
const say = (line: string) => console.error(line);
const end = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end.abort());

const course = await layCourse(end.signal, say);
try {
  const visiting = visit(course.ground, course.agent.listen, end.signal);
  const memory = await memoryAfter(Number(values.reports), course);
  const workingSet = await course.workingSet();
  const idle = await rest(Number(values["idle-seconds"]), course);
  const latencies = await repeat(Number(values.changes), async () => {
    // At any moment of the agent's rhythm.
    await pause(Math.random() * 3_000);
    return await course.change();
  });
  const starts = await repeat(Number(values.starts), course.restart);
  say(`changes: ${latencies.map(Math.round).join(" ")} ms; starts: ${starts.map(Math.round).join(" ")} ms`);
  const figures = {
    rss_mb: tenths(memory.rssMiB),
    anon_mb: tenths(memory.anonMiB),
    working_set_mb: workingSet === null ? null : tenths(workingSet),
    idle_api_requests: idle.requests,
    idle_rpm_ostree_runs: idle.runs,
    idle_cpu_percent: Math.round(idle.cpuPercent * 1000) / 1000,
    latency_ms_max: Math.round(Math.max(...latencies)),
    start_ms: Math.round(Math.max(...starts)),
  };
  console.log(JSON.stringify(figures, null, values.json ? undefined : 2));
  end.abort();
  await visiting;
} finally {
  await course.close();
}
process.exit();

/** The highest of what is seen in the ten seconds after so many reports: garbage counts as long as it is not collected. */
async function memoryAfter(reports: number, { agent, change }: Course): Promise<Memory> {
  await repeat(reports, change);
  const seen = await repeat(10, async () => {
    await pause(1_000);
    return await memoryOf(agent.pid());
  });
  say(`memory: ${seen.map(({ rssMiB, anonMiB }) => `${tenths(rssMiB)} (${tenths(anonMiB)})`).join(" ")}`);
  const highest = (name: keyof Memory) => Math.max(...seen.map((memory) => memory[name]));
  return { rssMiB: highest("rssMiB"), anonMiB: highest("anonMiB"), highestMiB: highest("highestMiB") };
}

/** Nothing happens on the host, and the slow check is an hour away; the kubelet and Prometheus come as ever. */
async function rest(seconds: number, { agent, root, requests }: Course) {
  const account = async () => [await requests(), await root.runs(), await cpuSecondsOf(agent.pid())] as const;
  const before = await account();
  const started = performance.now();
  await pause(seconds * 1000);
  const after = await account();
  const passed = (performance.now() - started) / 1000;
  return {
    requests: after[0] - before[0],
    runs: after[1] - before[1],
    cpuPercent: ((after[2] - before[2]) / passed) * 100,
  };
}

async function repeat<Result>(times: number, action: () => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let time = 0; time < times; time++) results.push(await action());
  return results;
}
