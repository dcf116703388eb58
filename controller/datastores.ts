// The datastores: how much room there is where templates go, looked at now and then for the metrics.
import { pause } from "../common/deadline.ts";
import { failureOf } from "../common/failure.ts";
import type { Log } from "../common/log.ts";
import type { Place } from "./decide/place.ts";
import type { Metrics } from "./metrics.ts";
import type { RolloutState } from "./rollout.ts";
import type { VisitedVCenter } from "./vcenters.ts";
import { findDatastore } from "./vsphere/datastore.ts";
import { readSpace } from "./vsphere/free-space.ts";

export interface DatastoreParts {
  rollout: () => RolloutState | null;
  visit: (server: string, policy: RolloutState["assessment"]["policy"]) => Promise<VisitedVCenter>;
  metrics: Pick<Metrics, "datastores">;
  log: Log;
  /** Milliseconds between two looks. */
  every: number;
  signal: AbortSignal;
}

type Named = Pick<Place, "server" | "datacenter" | "datastore">;

/** Runs until the signal. What cannot be looked at has no value; that a vCenter does not answer is told by the passes. */
export async function watchDatastores(parts: DatastoreParts): Promise<void> {
  const { rollout, metrics, every, signal } = parts;
  while (!signal.aborted) {
    const seen = rollout();
    if (seen !== null) metrics.datastores(await look(parts, seen));
    await pause(signal, seen === null ? Math.min(every, 1_000) : every);
  }
}

async function look(parts: DatastoreParts, { assessment }: RolloutState) {
  const { planInput, survey, policy } = assessment;
  const answering = new Set(survey.vcenters.flatMap(({ server, failure }) => (failure === null ? [server] : [])));
  const named = new Map<string, Named>();
  for (const { place } of planInput.machineSets) {
    if (!place.ok || !answering.has(place.value.server)) continue;
    const { server, datacenter, datastore } = place.value;
    named.set(JSON.stringify([server, datacenter, datastore]), { server, datacenter, datastore });
  }
  const found = await Promise.all([...named.values()].map((one) => spaceOf(parts, one, policy)));
  return found.flatMap((one) => one ?? []);
}

async function spaceOf(
  { visit, log, signal }: DatastoreParts,
  named: Named,
  policy: Parameters<DatastoreParts["visit"]>[1],
) {
  const { server, datacenter, datastore } = named;
  try {
    const { session } = await visit(server, policy);
    const reference = await findDatastore(session, datacenter, datastore);
    if (reference?.type !== "Datastore") return null;
    const { freeBytes } = await readSpace(session, reference);
    return { server, datastore, freeBytes };
  } catch (error) {
    if (!signal.aborted) log.debug({ server, datastore, ...failureOf(error) }, "The datastore could not be looked at.");
    return null;
  }
}
