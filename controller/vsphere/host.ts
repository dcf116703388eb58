// The host of a place: one of the pool's that reaches datastore and network, and is fit to work.
import { z } from "zod";
import { listOf, Reference, readAnswer } from "./answer.ts";
import { VimFault } from "./fault.ts";
import { readEach, readProperties } from "./properties.ts";
import type { Session } from "./session.ts";

export interface Needs {
  datastore: Reference;
  resourcePool: Reference;
  /** Networks of the wanted name, the likeliest first. */
  networks: readonly Reference[];
}

/** A host as it was read. */
export interface Host {
  reference: Reference;
  name: string;
  connectionState: string;
  powerState: string;
  inMaintenance: boolean;
  networks: readonly Reference[];
}

/** A datastore as it was read. */
export interface Datastore {
  name: string;
  accessible: boolean;
  /** `normal`, `enteringMaintenance` or `inMaintenance`. */
  maintenance: string;
  /** The hosts that have it, and whether they reach it and may write. */
  mounts: readonly { host: Reference; usable: boolean }[];
}

/** A host that is fit, any of them, and the network that it reaches. Throws VimFault NoUsableHost. */
export async function pickHost(
  session: Session,
  { datastore, resourcePool, networks }: Needs,
  random = Math.random(),
): Promise<{ host: Reference; network: Reference }> {
  const where = `${resourcePool.value} at vCenter ${session.server}`;
  const { owner } = readAnswer(Owner, await readProperties(session, resourcePool, ["owner"]), `Owner of ${where}`);
  const { host: members } = readAnswer(Members, await readProperties(session, owner, ["host"]), `Hosts of ${where}`);
  const [hosts, store] = await Promise.all([readHosts(session, members), readDatastore(session, datastore)]);
  const judged = hosts.map((host) => ({ host, lack: unfitness(host, store, networks) }));
  const fit = judged.flatMap(({ host, lack }) => (lack === null ? [host] : []));
  const host = fit[Math.floor(random * fit.length)];
  const network = host === undefined ? undefined : networks.find((one) => holds(host.networks, one));
  if (host !== undefined && network !== undefined) return { host: host.reference, network };
  const why =
    judged.length === 0
      ? "it has none"
      : judged
          .slice(0, 10)
          .map(({ lack }) => lack)
          .join(", ");
  throw new VimFault("NoUsableHost", `No host of ${where} can take the image: ${why}.`);
}

/** Why a host cannot take the image; null if it can. */
export function unfitness(host: Host, datastore: Datastore, networks: readonly Reference[]): string | null {
  const { name } = host;
  if (!isUp(host)) return `${name} is ${host.connectionState}, ${host.powerState}`;
  if (host.inMaintenance) return `${name} is in maintenance`;
  const lack = datastoreLack(datastore, host);
  if (lack !== null) return lack;
  return networks.some((one) => holds(host.networks, one)) ? null : `${name} does not see the network`;
}

/** Whether a host is there to work with. */
export function isUp({ connectionState, powerState }: Pick<Host, "connectionState" | "powerState">): boolean {
  return connectionState === "connected" && powerState === "poweredOn";
}

/** Why a host cannot use a datastore; null if it can. */
export function datastoreLack(datastore: Datastore, host: Pick<Host, "name" | "reference">): string | null {
  if (!datastore.accessible) return `datastore ${datastore.name} is not accessible`;
  if (datastore.maintenance !== "normal") return `datastore ${datastore.name} is in maintenance`;
  const mount = datastore.mounts.find((one) => one.host.value === host.reference.value);
  if (mount === undefined) return `${host.name} does not see the datastore`;
  return mount.usable ? null : `${host.name} cannot write to the datastore`;
}

function holds(list: readonly Reference[], one: Reference): boolean {
  return list.some(({ value }) => value === one.value);
}

const Owner = z.object({ owner: Reference });
const Members = z.object({ host: listOf(Reference) });

const HostRead = z.object({
  name: z.string(),
  "runtime.connectionState": z.string(),
  "runtime.powerState": z.string(),
  "runtime.inMaintenanceMode": z.stringbool(),
  network: listOf(Reference),
});

/** Reads hosts. Throws VimFault. */
export async function readHosts(session: Session, hosts: readonly Reference[]): Promise<Host[]> {
  const all = await readEach(session, hosts, Object.keys(HostRead.shape));
  return all.map(({ reference, properties }) => {
    const host = readAnswer(HostRead, properties, `Host ${reference.value} at vCenter ${session.server}`);
    return {
      reference,
      name: host.name,
      connectionState: host["runtime.connectionState"],
      powerState: host["runtime.powerState"],
      inMaintenance: host["runtime.inMaintenanceMode"],
      networks: host.network,
    };
  });
}

const DatastoreRead = z.object({
  name: z.string(),
  "summary.accessible": z.stringbool(),
  "summary.maintenanceMode": z.string().default("normal"),
  host: listOf(
    z.object({
      key: Reference,
      mountInfo: z.object({
        accessMode: z.string(),
        mounted: z.stringbool().default(true),
        accessible: z.stringbool().default(true),
      }),
    }),
  ),
});

/** Reads a datastore. Throws VimFault. */
export async function readDatastore(session: Session, datastore: Reference): Promise<Datastore> {
  const read = await readProperties(session, datastore, Object.keys(DatastoreRead.shape));
  const facts = readAnswer(DatastoreRead, read, `Datastore ${datastore.value} at vCenter ${session.server}`);
  const mounts = facts.host.map(({ key, mountInfo: { accessMode, mounted, accessible } }) => ({
    host: key,
    usable: accessMode === "readWrite" && mounted && accessible,
  }));
  return {
    name: facts.name,
    accessible: facts["summary.accessible"],
    maintenance: facts["summary.maintenanceMode"] || "normal",
    mounts,
  };
}
