// The place of a template: where the MachineSet's workspace puts it, as paths and as objects of vCenter.
import { z } from "zod";
import { listOf, Reference, readAnswer } from "./answer.ts";
import { VimFault } from "./fault.ts";
import { absolutePath, datacenterPath, findByPath, findNetwork } from "./inventory.ts";
import { readEach, readProperties } from "./properties.ts";
import type { Session } from "./session.ts";

/** Names or inventory paths, absolute or relative to the datacenter. */
export interface Place {
  datacenter: string;
  datastore: string;
  folder: string;
  resourcePool: string;
  network: string;
}

export interface ResolvedPlace {
  datacenter: string;
  datastore: Reference;
  folder: Reference;
  /** Absolute path of the folder. */
  folderPath: string;
  resourcePool: Reference;
  network: Reference;
  /** A host of the pool that is fit to take the disk. */
  host: Reference;
}

/** Looks the place up and picks a host. Throws VimFault: ObjectNotFound (naming all that is missing), NoUsableHost. */
export async function resolvePlace(session: Session, place: Place): Promise<ResolvedPlace> {
  const { datacenter } = place;
  const folderPath = absolutePath(datacenter, "vm", place.folder);
  const [datastore, folder, resourcePool, network] = await Promise.all([
    findByPath(session, absolutePath(datacenter, "datastore", place.datastore)),
    findByPath(session, folderPath),
    findByPath(session, absolutePath(datacenter, "host", place.resourcePool)),
    findNetwork(session, datacenter, place.network),
  ]);
  const lacks = lacksOf(place, { datastore, folder, resourcePool, network });
  if (lacks.length > 0 || datastore === null || folder === null || resourcePool === null || network === null) {
    const where = `datacenter ${datacenterPath(datacenter)} of vCenter ${session.server}`;
    throw new VimFault(
      "ObjectNotFound",
      `Not found in ${where}: ${lacks.join(", ")}. Mend the MachineSet's workspace.`,
    );
  }
  const host = await pickHost(session, { datastore, resourcePool, network });
  return { datacenter, datastore, folder, folderPath, resourcePool, network, host };
}

/** The types of the API that each may be of. A path may lead to anything. */
const types = {
  datastore: ["Datastore"],
  folder: ["Folder"],
  resourcePool: ["ResourcePool", "VirtualApp"],
  network: ["Network", "DistributedVirtualPortgroup", "OpaqueNetwork"],
};
type Part = "datastore" | "folder" | "resourcePool" | "network";
const parts: readonly Part[] = ["datastore", "folder", "resourcePool", "network"];

/** What a place lacks, in words: what is not there, and what is something else. */
export function lacksOf(place: Pick<Place, Part>, found: Record<Part, Reference | null>): string[] {
  return parts.flatMap((part) => {
    const named = place[part] === "" ? `${part} without a name` : `${part} ${place[part]}`;
    const type = found[part]?.type;
    if (type === undefined) return [named];
    return types[part].includes(type) ? [] : [`${named} (that is a ${type}, no ${types[part].join(" or ")})`];
  });
}

const Owner = z.object({ owner: Reference });
const Hosts = z.object({ host: listOf(Reference) });
const Host = z.object({
  name: z.string(),
  "runtime.connectionState": z.string(),
  "runtime.powerState": z.string(),
  "runtime.inMaintenanceMode": z.stringbool(),
  datastore: listOf(Reference),
  network: listOf(Reference),
});

type Needs = Pick<ResolvedPlace, "datastore" | "resourcePool" | "network">;

/** The first host of the pool's compute resource that is connected, powered on, not in maintenance and sees what is needed. */
async function pickHost(session: Session, needs: Needs): Promise<Reference> {
  const where = `${needs.resourcePool.value} at vCenter ${session.server}`;
  const pool = await readProperties(session, needs.resourcePool, ["owner"]);
  const { owner } = readAnswer(Owner, pool, `Owner of ${where}`);
  const { host } = readAnswer(Hosts, await readProperties(session, owner, ["host"]), `Hosts of ${where}`);
  const lacks: string[] = [];
  for (const { reference, properties } of await readEach(session, host, Object.keys(Host.shape))) {
    const lack = unfitness(readAnswer(Host, properties, `Host ${reference.value} of ${where}`), needs);
    if (lack === null) return reference;
    lacks.push(lack);
  }
  const why = lacks.length === 0 ? "it has none" : lacks.slice(0, 10).join(", ");
  throw new VimFault("NoUsableHost", `No host of ${where} can take the image: ${why}.`);
}

/** Why a host cannot take the image; null if it can. */
function unfitness(host: z.output<typeof Host>, { datastore, network }: Needs): string | null {
  const holds = (list: Reference[], one: Reference) => list.some(({ value }) => value === one.value);
  if (host["runtime.connectionState"] !== "connected") return `${host.name} is ${host["runtime.connectionState"]}`;
  if (host["runtime.powerState"] !== "poweredOn") return `${host.name} is ${host["runtime.powerState"]}`;
  if (host["runtime.inMaintenanceMode"]) return `${host.name} is in maintenance`;
  if (!holds(host.datastore, datastore)) return `${host.name} does not see the datastore`;
  if (!holds(host.network, network)) return `${host.name} does not see the network`;
  return null;
}
