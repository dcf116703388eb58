// The old templates of a lab: made by hand with markers as ours have, and what the policy says of them.
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { machineApi, machineSetTemplates, type Stage } from "../demo/stage.ts";
import { folder, infrastructureName, machineSetName, type Zone, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { bootImages } from "../lab/vsphere-objects.ts";

const policyPath = "/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster";
export const [zoneA, zoneB] = zones as [Zone, Zone];

/** The name of our template for a zone. */
export function templateOf(zone: Zone, release: string): string {
  return `${infrastructureName}-rhcos-${zone.name}-${release}`;
}

/** Makes a template of the name, with markers of ours but for what is `own`; null: without any. */
export async function makeTemplate(
  { lab: { vcenter } }: Stage,
  name: string,
  own: { cluster?: string; name?: string } | null = {},
): Promise<void> {
  const where = [`-ds=${zoneA.datastore}`, `-pool=${zoneA.resourcePool}`, `-folder=${folder}`, `-net=${zoneA.network}`];
  await vcenter.govc("vm.create", ...where, "-on=false", name);
  const markers = {
    cluster: infrastructureName,
    release: /[^-]+-\d+$/.exec(name)?.[0] ?? "",
    sha256: "00",
    name,
    temp: "bootwarden-tmp-1",
    ...own,
  };
  const options = Object.entries(markers).map(([key, value]) => `-e=bootwarden.${key}=${value}`);
  if (own !== null) await vcenter.govc("vm.change", `-vm=${folder}/${name}`, ...options);
  await vcenter.govc("vm.markastemplate", `${folder}/${name}`);
}

/** The names of all VMs and templates in the cluster's folder. */
export async function inFolder({ lab }: Stage): Promise<string[]> {
  const found = await lab.vcenter.govc("find", folder, "-type", "m");
  return found.split("\n").flatMap((path) => path.split("/").at(-1) || []);
}

export async function setPolicy({ lab }: Stage, spec: object): Promise<void> {
  await lab.api.merge(policyPath, { spec });
}

/** Takes the annotation of the previous template from both MachineSets. */
export async function noWayBack({ lab }: Stage): Promise<void> {
  const annotations = { "bootwarden.io/previous-template": null };
  for (const zone of [zoneA, zoneB]) {
    await lab.api.merge(`${machineApi}/machinesets/${machineSetName(zone)}`, { metadata: { annotations } });
  }
}

/** Makes the controller look again. */
export async function look({ lab }: Stage): Promise<void> {
  const path = `${machineApi}/machinesets/${machineSetName(zoneA)}`;
  await lab.api.merge(path, { metadata: { annotations: { "lab/look": randomUUID() } } });
}

const Status = z.object({
  status: z.object({
    templates: z.array(z.object({ path: z.string(), state: z.string(), inUseBy: z.array(z.string()).default([]) })),
  }),
});

/** Waits until the policy's status says who keeps the template. */
export async function untilKept(stage: Stage, name: string, by: string[]): Promise<void> {
  await look(stage);
  await until({ signal: stage.signal, what: `${name} kept by ${by}` }, async () => {
    const { templates } = Status.parse(await stage.lab.api.get(policyPath)).status;
    const found = templates.find(({ path }) => path === `${folder}/${name}`);
    if (found?.state === "Retained" && JSON.stringify(found.inUseBy) === JSON.stringify(by)) return true;
    throw new Error(JSON.stringify(templates));
  });
}

export async function untilGone(stage: Stage, names: readonly string[]): Promise<void> {
  await look(stage);
  await until({ signal: stage.signal, what: `${names} retired` }, async () => {
    const present = await inFolder(stage);
    if (!names.some((name) => present.includes(name))) return true;
    throw new Error(present.join(", "));
  });
}

/** Publishes an image, and makes it the cluster's. */
export async function release({ lab }: Stage, name: string): Promise<void> {
  const image = lab.mirror.publish({ release: name, diskBytes: 1_000_000 });
  await lab.api.apply(bootImages("4.20.15", { release: name, ...image }));
}

/** Releases an image, and waits until both MachineSets name a template of it. */
export async function moveTo(stage: Stage, name: string): Promise<void> {
  await release(stage, name);
  await until({ signal: stage.signal, what: `the move to ${name}`, within: 60_000 }, async () => {
    const templates = await machineSetTemplates(stage);
    return [zoneA, zoneB].every((zone) => templates.get(machineSetName(zone)) === templateOf(zone, name));
  });
}
