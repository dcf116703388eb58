// The benchmark of imports: bootwarden beside govc and the way by hand, and against the speed of the links.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bundleProgram } from "../../scripts/bundle-program.ts";
import { binaries } from "../lab/binaries.ts";
import { layGround } from "../lab/ground.ts";
import { startImageServer } from "../lab/image-server.ts";
import { shippedFlags } from "../lab/shipped-flags.ts";
import { zones } from "../lab/topology.ts";
import { startVCenter } from "../lab/vcenter.ts";
import { type Course, contestants, type Run } from "./contestants.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    mib: { type: "string", default: "1024" },
    pairs: { type: "string", default: "3" },
  },
});
const [mib, pairs] = [Number(values.mib), Number(values.pairs)];
const say = (line: string) => console.error(line);
const end = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end.abort());

const paired = await unthrottled();
const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
console.log(
  JSON.stringify({
    ratio_govc: median(paired.map(({ ours, govc }) => ours.seconds / govc.seconds)),
    ratio_by_hand: median(paired.map(({ ours, byHand }) => ours.seconds / byHand.seconds)),
    cpu_s_per_gib: median(paired.map(({ ours }) => ours.cost?.cpuSeconds ?? Number.NaN)) * (1024 / mib),
    rss_mb: Math.max(...paired.map(({ ours }) => ours.cost?.rssMiB ?? Number.NaN)),
    disk_bytes: Math.max(...paired.map(({ ours }) => ours.cost?.diskBytes ?? Number.NaN)),
  }),
);
process.exit();

type Pair = Record<keyof typeof contestants, Run>;

async function unthrottled(): Promise<Pair[]> {
  const ground = await layGround(await binaries(end.signal, say), end.signal);
  const [vcenter, mirror] = await Promise.all([startVCenter(ground), startImageServer(ground.authority, end.signal)]);
  try {
    await vcenter.govc("folder.create", "/dc-east/vm/lab-7x2kq").catch(() => undefined);
    const release = "9.8.20260428-0";
    const bundle = join(ground.directory, "import-once.js");
    await bundleProgram(fileURLToPath(new URL("import-once.ts", import.meta.url)), bundle);
    const image = { release, ...mirror.publish({ release, diskBytes: mib * 1024 * 1024 }) };
    const [zone] = zones;
    if (zone === undefined) throw new TypeError("the lab has no zones");
    const flags = await shippedFlags("controller-deployment.yaml");
    const course: Course = { ground, vcenter, zone, image, flags, bundle };
    const results: Pair[] = [];
    for (let round = 0; round < pairs; round++) {
      const pair = {
        ours: await contestants.ours(course),
        govc: await contestants.govc(course),
        byHand: await contestants.byHand(course),
      };
      say(JSON.stringify(pair));
      results.push(pair);
    }
    return results;
  } finally {
    end.abort();
    await vcenter.child.ended;
    await ground.clear();
  }
}
