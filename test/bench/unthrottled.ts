// The import as fast as the machine allows: bootwarden, govc and the way by hand in turn, against one vCenter and one image server.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleProgram } from "../../scripts/bundle-program.ts";
import { binaries } from "../lab/binaries.ts";
import { type Ground, layGround } from "../lab/ground.ts";
import { startImageServer } from "../lab/image-server.ts";
import { shippedStart } from "../lab/shipped-start.ts";
import { zones } from "../lab/topology.ts";
import { startVCenter } from "../lab/vcenter.ts";
import { type Course, contestants, type Run } from "./contestants.ts";

export type Pair = Record<keyof typeof contestants, Run>;

interface Plan {
  pairs: number;
  diskBytes: number;
  signal: AbortSignal;
  say: (line: string) => void;
}

/** Runs all of them `pairs` times, side by side in time, and once before that: then image server and vCenter have warmed up. */
export async function unthrottled({ pairs, diskBytes, signal, say }: Plan): Promise<Pair[]> {
  const end = new AbortController();
  const ground = await layGround(await binaries(signal, say), AbortSignal.any([signal, end.signal]));
  const vcenter = await startVCenter(ground);
  try {
    const course = await prepare(ground, vcenter, diskBytes);
    const results: Pair[] = [];
    for (let round = 0; round <= pairs; round++) {
      const pair = {
        ours: await contestants.ours(course),
        govc: await contestants.govc(course),
        byHand: await contestants.byHand(course),
      };
      say(`${round === 0 ? "not counted: " : ""}${JSON.stringify(pair)}`);
      if (round > 0) results.push(pair);
    }
    return results;
  } finally {
    end.abort();
    await vcenter.child.ended;
    await ground.clear();
  }
}

async function prepare(ground: Ground, vcenter: Course["vcenter"], diskBytes: number): Promise<Course> {
  const [zone] = zones;
  if (zone === undefined) throw new TypeError("the lab has no zones");
  const mirror = await startImageServer(ground.authority, ground.signal);
  await vcenter.govc("folder.create", "/dc-east/vm/lab-7x2kq").catch(() => undefined);
  const release = "9.8.20260428-0";
  const image = { release, ...mirror.publish({ release, diskBytes }) };
  const bundle = join(ground.directory, "import-once.js");
  await bundleProgram(fileURLToPath(new URL("import-once.ts", import.meta.url)), bundle);
  return { ground, vcenter, zone, image, bundle, shipped: await shippedStart("controller-deployment.yaml") };
}
