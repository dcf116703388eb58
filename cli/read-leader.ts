// The controller's Lease: whether one is at work at all.
import { z } from "zod";
import { controllerName } from "../common/annotations.ts";
import type { Api } from "./kube/api.ts";
import { resources } from "./kube/resource.ts";
import { orLack } from "./lack.ts";

const Lease = z.object({
  spec: z
    .object({
      holderIdentity: z.string().nullish().catch(undefined),
      renewTime: z.string().nullish().catch(undefined),
      leaseDurationSeconds: z.number().nullish().catch(undefined),
    })
    .catch({}),
});

export interface LeaderFacts {
  holder: string;
  /** RFC 3339. */
  renewedAt: string;
  /** Milliseconds after which another one may take it. */
  duration: number;
}

/** null: there is none, or it says nothing. Throws RightMissing and ApiError. */
export async function readLeader(api: Api): Promise<LeaderFacts | null> {
  const object = await api.get(resources.leases, controllerName);
  return object === undefined ? null : leaderFacts(object);
}

/** For a view that can do without: null, too, where the user may not read it or it cannot be understood. Throws ApiError. */
export async function readLeaderIfAllowed(api: Api): Promise<LeaderFacts | null> {
  return await orLack([], "", () => readLeader(api));
}

export function leaderFacts(object: unknown): LeaderFacts | null {
  const { holderIdentity, renewTime, leaseDurationSeconds } = Lease.parse(object).spec;
  if (!renewTime || Number.isNaN(Date.parse(renewTime))) return null;
  return { holder: holderIdentity ?? "", renewedAt: renewTime, duration: (leaseDurationSeconds ?? 15) * 1000 };
}
