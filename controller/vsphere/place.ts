// The place of a template: where the MachineSet's workspace puts it, as paths and as objects of vCenter.
import type { Reference } from "./answer.ts";
import { findDatastore } from "./datastore.ts";
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

/** A place as it was found, and what it lacks. */
export interface SeenPlace {
  /** What is there. */
  parts: Partial<ResolvedPlace> & Pick<ResolvedPlace, "folderPath">;
  /** All of it; null if it lacks something. */
  whole: ResolvedPlace | null;
  /** ObjectNotFound (naming all that is missing) or NoUsableHost; null if it lacks nothing. */
  lack: VimFault | null;
}

/** Looks the place up and picks a host. Throws what `SeenPlace` says that it lacks, and VimFault where vCenter gives no answer. */
export async function resolvePlace(session: Session, place: Place): Promise<ResolvedPlace> {
  const { whole, lack } = await lookAtPlace(session, place);
  if (whole === null) throw lack;
  return whole;
}

/** The same, for whoever has more to say where it lacks something. Throws VimFault where vCenter gives no answer. */
export async function lookAtPlace(session: Session, place: Place): Promise<SeenPlace> {
  const { datacenter } = place;
  const folderPath = absolutePath(datacenter, "vm", place.folder);
  const [datastore, folder, resourcePool, networks] = await Promise.all([
    findDatastore(session, datacenter, place.datastore),
    findByPath(session, folderPath),
    findByPath(session, absolutePath(datacenter, "host", place.resourcePool)),
    findNetworks(session, datacenter, place.network),
  ]);
  const found = { datastore, folder, resourcePool, network: networks[0] ?? null };
  const lacks = lacksOf(place, found);
  const parts = { datacenter, folderPath, ...rightOf(found) };
  if (lacks.length > 0 || datastore === null || folder === null || resourcePool === null) {
    const where = `datacenter ${datacenterPath(datacenter)} of vCenter ${session.server}`;
    const message = `Not found in ${where}: ${lacks.join(", ")}. Mend the MachineSet's workspace.`;
    return { parts, whole: null, lack: new VimFault("ObjectNotFound", message) };
  }
  try {
    const { host, network } = await pickHost(session, { datastore, resourcePool, networks });
    const whole = { datacenter, datastore, folder, folderPath, resourcePool, network, host };
    return { parts: whole, whole, lack: null };
  } catch (thrown) {
    if (thrown instanceof VimFault && thrown.reason === "NoUsableHost") return { parts, whole: null, lack: thrown };
    throw thrown;
  }
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

/** What is there and of the right type. */
function rightOf(found: Record<Part, Reference | null>): Partial<Record<Part, Reference>> {
  const right = parts.flatMap((part): [Part, Reference][] => {
    const reference = found[part];
    return reference !== null && types[part].includes(reference.type) ? [[part, reference]] : [];
  });
  return Object.fromEntries(right);
}
