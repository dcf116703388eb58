// The known templates: what the vCenters were last seen to hold under the templates that Machines name.
import { isDeepStrictEqual } from "node:util";
import type { MachineObject } from "./cluster/machine-objects.ts";
import type { MachineTemplate } from "./decide/boot-image-check.ts";
import { keyOf } from "./findings.ts";
import { namedBy, type Survey } from "./survey.ts";

export interface KnownTemplates {
  /** Takes a survey over; what it could not ask stays as it was. True if anything is other than before. */
  learn: (survey: Pick<Survey, "machineTemplates" | "asked">) => boolean;
  /** null: it is gone, or was never seen. */
  of: (machine: Pick<MachineObject, "provider">) => MachineTemplate | null;
}

/** A vCenter that does not answer takes nothing away from what is known: no verdict changes for it. */
export function createKnownTemplates(): KnownTemplates {
  let known: ReadonlyMap<string, MachineTemplate | null> = new Map();
  return {
    learn: ({ machineTemplates, asked }) => {
      const next = new Map<string, MachineTemplate | null>();
      for (const key of asked) next.set(key, (machineTemplates.has(key) ? machineTemplates : known).get(key) ?? null);
      const news = !isDeepStrictEqual(known, next);
      known = next;
      return news;
    },
    of: ({ provider }) => {
      const named = namedBy(provider);
      return named === null ? null : (known.get(keyOf(named)) ?? null);
    },
  };
}
