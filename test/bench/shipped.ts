// The benchmark of what is shipped: how large it is, how soon the controller is ready, and what a scrape costs, in a lab of a few nodes.

import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { createGzip } from "node:zlib";
import { writeBundles } from "../../scripts/bundles.ts";
import { machineApi } from "../demo/stage.ts";
import { type ControllerProgram, startController } from "../lab/controller-program.ts";
import { type Lab, startLab } from "../lab/lab.ts";
import { machineSetName, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { hundredths, median } from "./figure.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    starts: { type: "string", default: "5" },
    scrapes: { type: "string", default: "50" },
  },
});
const end = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end.abort());
const say = (line: string) => console.error(line);

const lab = await startLab({ controller: false, nodes: true, machineSets: true, imageMiB: 1, say }, end.signal);
try {
  const dist = join(lab.ground.directory, "dist");
  await writeBundles(dist);
  const size = await sizeOf(dist);
  const { ground, api, controlPlane } = lab;
  const controller = await startController(
    { ground, api, url: controlPlane.url, environment: { LOG_LEVEL: "info" } },
    join(dist, "controller.mjs"),
  );
  await ready(controller);
  const starts: number[] = [];
  for (let start = 0; start < Number(values.starts); start++) starts.push(await restart(controller));
  const agent = await scrape(await agentOf(lab));
  const own = await scrape(controller.metrics);
  const figures = {
    nodes: lab.room?.nodes.size,
    image_mb: hundredths(size.bytes / 1e6),
    image_gzip_mb: hundredths(size.zipped / 1e6),
    controller_ready_ms: Math.round(Math.max(...starts)),
    agent_scrape_bytes: agent.bytes,
    agent_scrape_ms: hundredths(agent.milliseconds),
    controller_scrape_bytes: own.bytes,
    controller_scrape_ms: hundredths(own.milliseconds),
  };
  console.log(JSON.stringify(figures, null, values.json ? undefined : 2));
  await controller.stop();
} finally {
  await lab.close();
}
process.exit();

/** Bytes of all files, as they are and as a registry keeps them. */
async function sizeOf(directory: string): Promise<{ bytes: number; zipped: number }> {
  const size = { bytes: 0, zipped: 0 };
  for (const name of await readdir(directory)) {
    const count = (key: keyof typeof size) =>
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          size[key] += chunk.length;
          yield chunk;
        }
      };
    await pipeline(
      createReadStream(join(directory, name)),
      count("bytes"),
      createGzip(),
      count("zipped"),
      async (all) => {
        for await (const _ of all);
      },
    );
  }
  return size;
}

/** Of the first of four new nodes, when all are there. */
async function agentOf({ api, room }: Lab): Promise<string> {
  for (const zone of zones)
    await api.merge(`${machineApi}/machinesets/${machineSetName(zone)}`, { spec: { replicas: 2 } });
  const nodes = room?.nodes ?? new Map();
  await until({ signal: end.signal, what: "four nodes", within: 60_000 }, async () => nodes.size === 2 * zones.length);
  return await until({ signal: end.signal, what: "a node" }, async () => [...(room?.nodes.values() ?? [])][0]?.metrics);
}

async function ready({ metrics }: ControllerProgram): Promise<void> {
  const url = metrics.replace(/metrics$/, "readyz");
  await until({ signal: end.signal, what: "a ready controller", every: 10 }, async () => (await fetch(url)).ok);
}

/** Milliseconds from the process's start until it leads and has looked at all. The lease of the one before is given back. */
async function restart(controller: ControllerProgram): Promise<number> {
  await controller.stop("SIGTERM");
  const started = performance.now();
  await controller.start();
  await ready(controller);
  return performance.now() - started;
}

/** The median of some, over plain HTTP on a connection that stays open; bytes without compression. */
async function scrape(metrics: string): Promise<{ bytes: number; milliseconds: number }> {
  const times: number[] = [];
  let bytes = 0;
  for (let time = 0; time < Number(values.scrapes); time++) {
    const started = performance.now();
    bytes = (await (await fetch(metrics, { signal: end.signal })).arrayBuffer()).byteLength;
    times.push(performance.now() - started);
  }
  return { bytes, milliseconds: median(times) };
}
