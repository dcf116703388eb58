// The place of a template: where the MachineSet's workspace puts it, as paths and as objects of vCenter.
import type { Reference } from "./answer.ts";
import { VimFault } from "./fault.ts";
import { pickHost } from "./host.ts";
import { absolutePath, datacenterPath, findByPath } from "./inventory.ts";
import { findNetworks } from "./network.ts";
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
  const [datastore, folder, resourcePool, networks] = await Promise.all([
    findByPath(session, absolutePath(datacenter, "datastore", place.datastore)),
    findByPath(session, folderPath),
    findByPath(session, absolutePath(datacenter, "host", place.resourcePool)),
    findNetworks(session, datacenter, place.network),
  ]);
  const lacks = lacksOf(place, { datastore, folder, resourcePool, network: networks[0] ?? null });
  if (lacks.length > 0 || datastore === null || folder === null || resourcePool === null) {
    const where = `datacenter ${datacenterPath(datacenter)} of vCenter ${session.server}`;
    throw new VimFault(
      "ObjectNotFound",
      `Not found in ${where}: ${lacks.join(", ")}. Mend the MachineSet's workspace.`,
    );
  }
  const { host, network } = await pickHost(session, { datastore, resourcePool, networks });
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
