// The contestants of the import benchmark: bootwarden, govc from the URL, and the way by hand (download, check, govc from the file).
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Ground } from "../lab/ground.ts";
import { inheritedEnvironment } from "../lab/settings.ts";
import type { ShippedStart } from "../lab/shipped-start.ts";
import { datacenter, folder, infrastructureName, type Zone } from "../lab/topology.ts";
import type { VCenter } from "../lab/vcenter.ts";
import { Cost, running, type Task } from "./import-task.ts";

export interface Course {
  ground: Ground;
  vcenter: VCenter;
  zone: Zone;
  image: { release: string; url: string; sha256: string };
  shipped: ShippedStart;
  /** The bundle of import-once.ts. */
  bundle: string;
}

export interface Run {
  /** Of bootwarden from its order, as its process runs all the time, of the others from the start of the first process; to the end of the last. */
  seconds: number;
  /** Of bootwarden alone. */
  cost?: Cost;
}

/** Each leaves one template, which is gone before the next run. */
export const contestants = { ours, govc, byHand } satisfies Record<string, (course: Course) => Promise<Run>>;

const template = "bench-template";

async function ours(course: Course): Promise<Run> {
  const { ground, vcenter, image, zone, shipped } = course;
  const { server, url, username, password } = vcenter;
  const ca = ground.authority.certificate;
  const { datastore, resourcePool, network } = zone;
  const task: Task = {
    access: { server, url, username, password, ca },
    image: { ...image, ca },
    infrastructureName,
    place: { datacenter, datastore, folder, resourcePool, network },
    finalName: template,
  };
  const program = start(course, [process.execPath, ...shipped.flags, course.bundle], { env: shipped.environment });
  const [said] = await once(program.stdout, "data");
  if (String(said).trim() !== running) throw new Error(`the import's process says ${said}`);
  const [seconds, { stdout }] = await timed(async () => {
    program.stdin.end(JSON.stringify(task));
    return await program;
  });
  await remove(course);
  return { seconds, cost: Cost.parse(JSON.parse(stdout.split("\n").at(-1) ?? "")) };
}

async function govc(course: Course): Promise<Run> {
  const [seconds] = await timed(() => importWithGovc(course, course.image.url));
  await remove(course);
  return { seconds };
}

async function byHand(course: Course): Promise<Run> {
  const { ground, image } = course;
  const file = join(ground.directory, "by-hand.ova");
  const [seconds] = await timed(async () => {
    await run(course, ["curl", "--silent", "--fail", "--cacert", ground.caFile, "--output", file, image.url]);
    await run(course, ["sha256sum", "--check", "--quiet", "-"], {
      input: `${image.sha256}  ${file}\n`,
    });
    await importWithGovc(course, file);
  });
  await rm(file);
  await remove(course);
  return { seconds };
}

async function importWithGovc(course: Course, ova: string): Promise<void> {
  const { ground, vcenter, zone } = course;
  const options = join(ground.directory, "bench.json");
  const NetworkMapping = [{ Name: "VM Network", Network: zone.network }];
  await writeFile(options, JSON.stringify({ NetworkMapping, MarkAsTemplate: true, PowerOn: false }));
  const where = [`-ds=${zone.datastore}`, `-pool=${zone.resourcePool}`, `-folder=${folder}`, `-options=${options}`];
  await vcenter.govc("import.ova", ...where, `-name=${template}`, ova);
}

async function remove({ vcenter }: Course): Promise<void> {
  await vcenter.govc("vm.destroy", `${folder}/${template}`);
}

type Command = [string, ...string[]];

interface Own {
  input?: string;
  env?: Record<string, string>;
}

async function run(course: Course, command: Command, own: Own = {}) {
  const program = start(course, command, own);
  program.stdin.end(own.input ?? "");
  return await program;
}

function start({ ground }: Course, [command, ...rest]: Command, { env }: Own) {
  return execa(command, rest, {
    env: { ...inheritedEnvironment(), ...env },
    extendEnv: false,
    cwd: ground.directory,
    timeout: 300_000,
    cancelSignal: ground.signal,
  });
}

async function timed<Result>(action: () => Promise<Result>): Promise<[number, Result]> {
  const started = performance.now();
  const result = await action();
  return [(performance.now() - started) / 1000, result];
}
