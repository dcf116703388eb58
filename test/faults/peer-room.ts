// The peer room: what the peer's faults need of a crash room, namely what the controller did and said, and transfers held in their middle.
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { pause } from "../../common/deadline.ts";
import { machineSetTemplates } from "../demo/stage.ts";
import { folder, machineSetName, type Zone, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { machineSet } from "../lab/vsphere-objects.ts";
import { diskBytes } from "./bad-line.ts";
import { type CrashRoom, machineSetPath, namesInFolder } from "./crash-room.ts";
import { difference } from "./difference.ts";
import { foreignNames } from "./foreign.ts";

export const [zoneA] = zones as [Zone, Zone];

/** The calls of the controller from now on, as the room's `watch` tells them; one record at a time. */
export function record(room: CrashRoom): { count: (pattern: RegExp) => number } {
  const calls: string[] = [];
  room.watch((call) => void calls.push(call));
  return { count: (pattern) => calls.filter((call) => pattern.test(call)).length };
}

export const uploads = /^vCenter POST \/nfc\//;
export const imports = /^vCenter ImportVApp$/;
export const removals = /^vCenter Destroy_Task$/;
export const logins = /^vCenter (Login$|POST \/rest\/com\/vmware\/cis\/session)/;

const Status = z.object({
  status: z.object({
    machineSets: z.array(z.object({ name: z.string(), state: z.string(), reason: z.string(), message: z.string() })),
    templates: z.array(z.object({ path: z.string(), state: z.string(), bytesDone: z.number().optional() })).default([]),
    conditions: z.array(z.object({ type: z.string(), status: z.string(), reason: z.string(), message: z.string() })),
  }),
});

export async function status({ lab }: Pick<CrashRoom, "lab">) {
  return Status.parse(await lab.api.get("/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster")).status;
}

/** Waits until the policy's status gives the MachineSet that reason. */
export async function untilSaid(
  room: CrashRoom,
  zone: Zone,
  { reason, within = 60_000 }: { reason: string; within?: number },
): Promise<void> {
  const name = machineSetName(zone);
  await until({ signal: room.signal, what: `${reason} of ${name}`, within }, async () => {
    const set = (await status(room)).machineSets.find((one) => one.name === name);
    if (set?.reason === reason) return true;
    throw new Error(`${set?.state} ${set?.reason}: ${set?.message}`);
  });
}

export async function untilNamed(room: CrashRoom, zone: Zone, template: string): Promise<void> {
  const what = `${machineSetName(zone)} at ${template}`;
  await until({ signal: room.signal, what, within: 60_000 }, async () => {
    const now = (await machineSetTemplates(room)).get(machineSetName(zone));
    if (now === template) return true;
    throw new Error(`it names ${now}`);
  });
}

/** Writes to the provider spec, as somebody else would. */
export async function provide({ lab }: CrashRoom, zone: Zone, value: object): Promise<void> {
  await lab.api.merge(machineSetPath(zone), { spec: { template: { spec: { providerSpec: { value } } } } });
}

/** The same, when the API server's news of the last move have surely come: before, nobody is taken to have undone anything. */
export async function provideLater(room: CrashRoom, zone: Zone, value: object): Promise<void> {
  await pause(room.signal, 6_000);
  await provide(room, zone, value);
}

/** What `kubectl bootwarden resume` does: earlier reverts are forgotten. */
export async function resume({ lab }: CrashRoom, zone: Zone): Promise<void> {
  const annotations = { "bootwarden.io/resumed-at": new Date().toISOString() };
  await lab.api.merge(machineSetPath(zone), { metadata: { annotations } });
}

/** Makes the controller look again: vCenter tells it nothing by itself. */
export async function look({ lab }: CrashRoom, zone: Zone): Promise<void> {
  await lab.api.merge(machineSetPath(zone), { metadata: { annotations: { "lab/look": randomUUID() } } });
}

/** Replaces the MachineSet by its first manifest, as often as somebody else writes at the same moment. */
export async function replace({ lab, signal }: CrashRoom, zone: Zone): Promise<void> {
  const first = machineSet(lab.vcenter.server, zone);
  await until({ signal, what: `the first manifest of ${machineSetName(zone)}` }, async () => {
    const resourceVersion = (await lab.api.get(machineSetPath(zone)))?.metadata.resourceVersion;
    await lab.api.send("PUT", machineSetPath(zone), { ...first, metadata: { ...first.metadata, resourceVersion } });
    return true;
  });
}

const ClusterVersion = z.object({ status: z.object({ history: z.array(z.looseObject({ state: z.string() })) }) });

export async function clusterVersion({ lab }: CrashRoom) {
  return ClusterVersion.parse(await lab.api.get("/apis/config.openshift.io/v1/clusterversions/version")).status;
}

/** Two releases more: after them what another run left to be retained is gone. Resolves with what is not as undisturbed. */
export async function twoReleasesLater(room: CrashRoom, nextRelease: () => string): Promise<string[]> {
  const [next, last] = [nextRelease(), nextRelease()];
  for (const release of [next, last]) {
    await room.offer(release);
    await room.settled(release);
  }
  return await difference(room, last);
}

/** A release appears, and its upload is held in its middle for so many milliseconds. Later ones are not, once it is `letGo`. */
export async function holdUpload(
  room: CrashRoom,
  release: string,
  milliseconds = 60_000,
): Promise<{ letGo: () => Promise<void> }> {
  const { control } = room.lab.vcenter;
  await control.fault({ method: "POST /nfc/", afterBytes: diskBytes / 2, delayMs: milliseconds });
  await room.offer(release, { bytes: diskBytes });
  await until({ signal: room.signal, what: "an upload", within: 60_000 }, async () =>
    (await control.faults()).some(({ hits }) => hits > 0),
  );
  return { letGo: () => control.clearFaults() };
}

/** Every download is held: the first one in its middle, those that would resume it at once. Tells how many there were. */
export function holdDownloads(room: CrashRoom): { count: () => number; letGo: () => void } {
  let count = 0;
  room.mirror.judge = () => {
    count += 1;
    return { kind: "stall", side: "answer", after: count === 1 ? diskBytes / 2 : 0, milliseconds: 600_000 };
  };
  const letGo = () => {
    room.mirror.judge = () => null;
    room.mirror.cut();
  };
  return { count: () => count, letGo };
}

/** Makes a template of an admin's own from that of the installer; resolves with what tells it from any other. */
export async function makeGolden({ lab: { vcenter } }: CrashRoom, name: string, from: string): Promise<string> {
  const where = [`-ds=${zoneA.datastore}`, `-pool=${zoneA.resourcePool}`, `-folder=${folder}`];
  await vcenter.govc("vm.clone", `-vm=${folder}/${from}`, ...where, "-on=false", "-template=true", name);
  return await uuidOf({ lab: { vcenter } }, name);
}

export async function uuidOf({ lab }: { lab: Pick<CrashRoom["lab"], "vcenter"> }, name: string): Promise<string> {
  return await lab.vcenter.govc("object.collect", "-s", `${folder}/${name}`, "config.instanceUuid");
}

export async function destroy({ lab }: CrashRoom, name: string): Promise<void> {
  await lab.vcenter.govc("vm.destroy", `${folder}/${name}`);
}

/** What stands there under temporary names of ours, but for what is foreign. */
export async function leftoversIn({ lab }: Pick<CrashRoom, "lab">): Promise<string[]> {
  const names = await namesInFolder(lab);
  return names.filter((name) => name.startsWith("bootwarden-import-") && !foreignNames.includes(name));
}

/** Sessions of all kinds that vCenter holds open. */
export async function openSessions({ lab }: CrashRoom): Promise<number> {
  const { soap, rest } = await lab.vcenter.control.sessions();
  return soap.length + rest.length;
}
