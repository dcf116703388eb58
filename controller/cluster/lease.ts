// The Lease object by which the one that acts is chosen: read, written against its version, and watched.
import { z } from "zod";
import { controllerName, namespace } from "../../common/annotations.ts";
import type { LeaseRecord } from "../decide/lease.ts";
import type { Kube } from "./kube.ts";
import { KubeError } from "./kube-error.ts";

/** A Lease as it was read, to be written anew: what others have noted on it stays. */
export interface LeaseObject {
  record: LeaseRecord;
  /** How often it went from one holder to another. */
  transitions: number;
  /** Since when the holder has it. */
  acquired: string | undefined;
  object: Record<string, unknown>;
}

export interface LeaseStore {
  /** null: there is none. Throws KubeError. */
  read: () => Promise<LeaseObject | null>;
  /**
   * Writes that `holder` has it, in place of what was read; null: where there is none. Resolves with null if somebody else wrote in the
   * meantime. Throws KubeError.
   */
  take: (before: LeaseObject | null, holder: string) => Promise<LeaseObject | null>;
  /** Writes that nobody has it, in place of what was read; false if somebody else wrote in the meantime. Throws KubeError. */
  release: (before: LeaseObject) => Promise<boolean>;
  /** Tells of every change until the watch ends. Throws KubeError. */
  watch: (changed: (holder: string | null) => void) => Promise<void>;
}

const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
const path = `${leases}/${controllerName}`;

const Lease = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string() }),
  spec: z
    .looseObject({
      holderIdentity: z.string().optional(),
      leaseDurationSeconds: z.number().optional(),
      leaseTransitions: z.number().optional(),
      acquireTime: z.string().optional(),
    })
    .default({}),
});

/** `duration`: what a holder is promised, in milliseconds; `kube` may be one of its own. */
export function createLeaseStore(
  kube: Pick<Kube, "get" | "create" | "update" | "watch">,
  duration: number,
): LeaseStore {
  const read = (answer: unknown) => leaseOf(answer, duration);
  return {
    read: async () => {
      const answer = await kube.get(path);
      return answer === undefined ? null : read(answer);
    },
    take: async (before, holder) => {
      const spec = takenBy(holder, before, duration);
      const write =
        before === null
          ? kube.create(leases, {
              apiVersion: "coordination.k8s.io/v1",
              kind: "Lease",
              metadata: { name: controllerName, namespace },
              spec,
            })
          : kube.update(path, { ...before.object, spec });
      return await write.then(read, (error: unknown) => lostRace(error, before));
    },
    release: async (before) => {
      const spec = { leaseDurationSeconds: 1, leaseTransitions: before.transitions, renewTime: microTime() };
      const write = kube.update(path, { ...before.object, spec });
      return (await write.catch((error: unknown) => lostRace(error, before))) !== null;
    },
    watch: (changed) => {
      const each = (type: string, object: unknown) => {
        if (type === "DELETED") changed(null);
        else if (type !== "BOOKMARK") changed(Lease.safeParse(object).data?.spec.holderIdentity ?? null);
      };
      return kube.watch({ path: leases, query: { fieldSelector: `metadata.name=${controllerName}` }, each });
    },
  };
}

function leaseOf(answer: unknown, duration: number): LeaseObject {
  const object = Lease.parse(answer);
  const { metadata, spec } = object;
  const promised = spec.leaseDurationSeconds;
  return {
    record: {
      holder: spec.holderIdentity || null,
      version: metadata.resourceVersion,
      duration: promised === undefined ? duration : promised * 1000,
    },
    transitions: spec.leaseTransitions ?? 0,
    acquired: spec.acquireTime,
    object,
  };
}

/** The spec in which `holder` has it. The times are for people: nobody decides by them. */
function takenBy(holder: string, before: LeaseObject | null, duration: number): Record<string, unknown> {
  const now = microTime();
  const isRenewal = before?.record.holder === holder;
  const transitions = before?.transitions ?? 0;
  return {
    holderIdentity: holder,
    leaseDurationSeconds: Math.ceil(duration / 1000),
    leaseTransitions: isRenewal || before === null ? transitions : transitions + 1,
    acquireTime: isRenewal ? (before.acquired ?? now) : now,
    renewTime: now,
  };
}

/** The API server takes exactly six digits behind the point. */
function microTime(): string {
  return new Date().toISOString().replace("Z", "000Z");
}

/** null if somebody wrote it, made it or deleted it since it was read. Without a namespace to make it in, 404 means something else. */
function lostRace(error: unknown, before: LeaseObject | null): null {
  const status = error instanceof KubeError ? error.status : 0;
  if (status === 409 || (status === 404 && before !== null)) return null;
  throw error;
}
