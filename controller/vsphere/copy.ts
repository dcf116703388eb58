// The question whether vCenter can copy a template to a place: somebody must be able to read its disk there.
import { z } from "zod";
import { listOf, Reference, readAnswer } from "./answer.ts";
import { VimFault } from "./fault.ts";
import { type Datastore, datastoreLack, type Host, isUp, readDatastore, readHosts } from "./host.ts";
import type { ResolvedPlace } from "./place.ts";
import { readProperties } from "./properties.ts";
import type { Session } from "./session.ts";

/**
 * Why the template cannot be cloned to the place; null if it can. vCenter copies a disk either on the target's host, if that sees the
 * source's datastore, or over the network from the host on which the source is registered. Throws VimFault.
 */
export async function copyLack(
  session: Session,
  source: Reference,
  { host }: Pick<ResolvedPlace, "host">,
): Promise<string | null> {
  const read = await readProperties(session, source, Object.keys(Source.shape));
  const facts = readAnswer(Source, read, `Template ${source.value} at vCenter ${session.server}`);
  const [hosts, stores] = await Promise.all([
    readHosts(session, [host, facts["runtime.host"]]),
    Promise.all(facts.datastore.map((one) => readDatastore(session, one))),
  ]);
  const [target, home] = [host, facts["runtime.host"]].map((one) => hosts.find((h) => h.reference.value === one.value));
  return target === undefined || home === undefined ? "a host is gone" : readerLack({ target, home, stores });
}

/** Why neither host can read the datastores; null if one can. */
export function readerLack(facts: { target: Host; home: Host; stores: readonly Datastore[] }): string | null {
  const { target, home, stores } = facts;
  const lacksOf = (host: Host) => {
    if (!isUp(host)) return [`${host.name} is ${host.connectionState}, ${host.powerState}`];
    return stores.flatMap((store) => datastoreLack(store, host) ?? []);
  };
  const [ofTarget, ofHome] = [lacksOf(target), lacksOf(home)];
  if (ofTarget.length === 0 || ofHome.length === 0) return null;
  return [...new Set([...ofTarget, ...ofHome])].join(", ");
}

/** Whether vCenter says by this fault that hosts or datastores stand in the way of a clone. */
export function isOutOfReach(thrown: unknown): boolean {
  return thrown instanceof VimFault && thrown.fault !== null && outOfReach.includes(thrown.fault);
}

const outOfReach: readonly string[] = [
  "NoCompatibleHost",
  "NoCompatibleDatastore",
  "InaccessibleDatastore",
  "DatastoreNotWritableOnHost",
  "CannotAccessVmDisk",
  "CannotAccessVmComponent",
  "CannotAccessVmDevice",
  "HostNotConnected",
  "HostNotReachable",
  "InvalidHostConnectionState",
  "HostConnectFault",
];

const Source = z.object({ "runtime.host": Reference, datastore: listOf(Reference) });
