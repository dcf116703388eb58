// The foreign VMs of a crash room: an admin's template, a running worker that inherited our markers, and another cluster's leftover.
import type { Lab } from "../lab/lab.ts";
import { folder, infrastructureName, installedTemplate, type Zone, zones } from "../lab/topology.ts";

const [zone] = zones as [Zone];
const otherCluster = "other-9zz8w";

/** Their names, which no run may touch. */
export const foreignNames = ["admin-golden", "bootwarden-import-0ther999", "worker-with-markers"];

type VCenter = Pick<Lab["vcenter"], "govc">;

/** Makes them. */
export async function addForeign(vcenter: VCenter): Promise<void> {
  const [golden = "", leftover = "", worker = ""] = foreignNames;
  const where = [`-ds=${zone.datastore}`, `-pool=${zone.resourcePool}`, `-folder=${folder}`];
  const clone = (name: string, ...own: string[]) =>
    vcenter.govc("vm.clone", `-vm=${folder}/${installedTemplate(zone)}`, ...where, ...own, name);
  await clone(golden, "-on=false", "-template=true");
  await clone(worker, "-on=false");
  await mark(vcenter, worker, { cluster: infrastructureName, name: `${infrastructureName}-rhcos-x`, temp: "x" });
  await vcenter.govc("vm.power", "-on", `${folder}/${worker}`);
  await clone(leftover, "-on=false");
  await mark(vcenter, leftover, { cluster: otherCluster, name: `${otherCluster}-rhcos-x`, temp: leftover });
}

async function mark(vcenter: VCenter, name: string, own: Record<string, string>): Promise<void> {
  const markers = { release: "9.8.20260101-0", sha256: "00", ...own };
  const options = Object.entries(markers).map(([key, value]) => `-e=bootwarden.${key}=${value}`);
  await vcenter.govc("vm.change", `-vm=${folder}/${name}`, ...options);
}

/** What tells each from what it was: identity, version of the configuration, power; one that is gone says so. */
export async function portraits(vcenter: VCenter): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for (const name of foreignNames) {
    const facts = ["name", "config.instanceUuid", "config.changeVersion", "config.template", "runtime.powerState"];
    const portrait = vcenter.govc("object.collect", "-s", `${folder}/${name}`, ...facts);
    all.set(name, await portrait.catch((error: unknown) => `gone: ${String(error).slice(0, 200)}`));
  }
  return all;
}
