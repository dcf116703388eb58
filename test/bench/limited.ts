// The import over limited links: the shipped controller in a whole lab, from the release's appearance to the last MachineSet moved.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { bundleProgram } from "../../scripts/bundle-program.ts";
import { machineSetTemplates } from "../demo/stage.ts";
import { clusterProxy } from "../lab/cluster-objects.ts";
import { startController } from "../lab/controller-program.ts";
import { startForwardProxy } from "../lab/forward-proxy.ts";
import { type ImageServer, startImageServer } from "../lab/image-server.ts";
import { type Lab, startLab } from "../lab/lab.ts";
import { furtherZones, machineSetName, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { bootImages, machineSet } from "../lab/vsphere-objects.ts";

export interface LimitedRun {
  places: number;
  proxied: boolean;
  seconds: number;
  /** Seconds that the links alone need. */
  limit: number;
  /** Bytes that went over the links, by those of one image. */
  downloaded: number;
  uploaded: number;
  /** Highest RSS of the whole controller, in MiB. */
  rssMiB: number;
  /** That the whole controller caused to be written to disk. */
  diskBytes: number;
  /** Of SOAP and REST, when the controller has ended. */
  sessionsLeft: number;
}

interface Course {
  places: number;
  /** Whether the image comes through the cluster-wide proxy. */
  proxied?: boolean;
  diskBytes: number;
  signal: AbortSignal;
  say: (line: string) => void;
}

/** Bytes a second, of the image server and of all uploads together; each clone has its own rate. */
const linkRate = 100_000_000;
const cloneRate = 200_000_000;
const release = "9.8.20260428-0";

/** One run, in a lab of its own. */
export async function limited({ say, ...course }: Course): Promise<LimitedRun> {
  const { signal } = course;
  const vcenterFlags = [`--upload-rate=${linkRate}`, `--clone-rate=${cloneRate}`];
  const options = {
    controller: false,
    nodes: false,
    machineSets: false,
    imageMiB: 1,
    further: true,
    vcenterFlags,
    say,
  };
  const lab = await startLab(options, signal);
  try {
    return await run(lab, course);
  } finally {
    await lab.close();
  }
}

async function run(lab: Lab, { places, proxied = false, diskBytes, signal }: Omit<Course, "say">): Promise<LimitedRun> {
  const { ground, api, controlPlane, vcenter } = lab;
  const mirror = proxied ? await mirrorBehindProxy(lab) : lab.mirror;
  const used = [...zones, ...furtherZones].slice(0, places);
  for (const zone of used) await api.apply(machineSet(vcenter.server, zone));
  const bundle = join(ground.directory, "controller.js");
  await bundleProgram(fileURLToPath(new URL("../../controller/main.ts", import.meta.url)), bundle);
  const controller = await startController({ ground, api, url: controlPlane.url }, bundle);
  const image = mirror.publish({ release, diskBytes, rate: linkRate });
  await until({ signal, what: "the controller's first look", within: 60_000 }, () => hasLooked(lab, places));
  const before = { downloads: mirror.sent().bytes, uploads: await uploadedBytes(lab) };
  const started = performance.now();
  await api.apply(bootImages("4.20.15", { release, ...image }));
  await until({ signal, what: "all MachineSets moved", within: 300_000, every: 50 }, async () => {
    const templates = await machineSetTemplates({ lab });
    return used.every((zone) => templates.get(machineSetName(zone))?.endsWith(release));
  });
  const seconds = (performance.now() - started) / 1000;
  const { rssMiB, written } = await costOf(controller.child().pid);
  await controller.stop();
  const { soap, rest } = await vcenter.control.sessions();
  return {
    places,
    proxied,
    seconds,
    rssMiB,
    diskBytes: written,
    sessionsLeft: soap.length + rest.length,
    limit: diskBytes / linkRate + (places > 1 ? diskBytes / cloneRate : 0),
    downloaded: (mirror.sent().bytes - before.downloads) / image.size,
    uploaded: ((await uploadedBytes(lab)) - before.uploads) / diskBytes,
  };
}

/** An image server whose name the cluster's proxy alone knows. */
async function mirrorBehindProxy({ ground, api }: Lab): Promise<ImageServer> {
  const { authority, signal } = ground;
  const name = "mirror.example";
  const mirror = await startImageServer(authority, signal, [name]);
  const proxy = await startForwardProxy({ hosts: { [name]: Number(new URL(mirror.origin).port) } }, signal);
  const settings = { httpsProxy: proxy.url, noProxy: "127.0.0.1,localhost" };
  await api.apply(clusterProxy(settings));
  const publish: ImageServer["publish"] = (options) => {
    const { url, ...image } = mirror.publish(options);
    return { ...image, url: url.replace(mirror.origin, `https://${name}`) };
  };
  return { ...mirror, publish };
}

const Policy = z.object({ status: z.object({ machineSets: z.array(z.object({ state: z.string() })) }) });

async function hasLooked({ api }: Lab, places: number): Promise<boolean> {
  const { machineSets } = Policy.parse(await api.get("/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster")).status;
  return machineSets.length === places && machineSets.every(({ state }) => state === "UpToDate");
}

const Call = z.object({ kind: z.string(), bytes: z.number().default(0) });

async function uploadedBytes({ vcenter }: Lab): Promise<number> {
  const lines = (await readFile(vcenter.trace, "utf8")).trim().split("\n");
  const calls = lines.map((line) => Call.parse(JSON.parse(line)));
  return calls.reduce((sum, { kind, bytes }) => sum + (kind === "nfc" ? bytes : 0), 0);
}

async function costOf(pid: number): Promise<{ rssMiB: number; written: number }> {
  const [status, io] = await Promise.all(["status", "io"].map((name) => readFile(`/proc/${pid}/${name}`, "utf8")));
  const highest = /^VmHWM:\s+(\d+) kB$/m.exec(status ?? "")?.[1];
  const written = /^write_bytes: (\d+)$/m.exec(io ?? "")?.[1];
  return { rssMiB: Number(highest) / 1024, written: Number(written) };
}
