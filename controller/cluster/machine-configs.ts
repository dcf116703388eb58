// The rendered MachineConfigs: of each the OS image that it asks for. Read one by one and kept, since they never change.
import { z } from "zod";
import { failureOf } from "../../common/failure.ts";
import type { Log } from "../../common/log.ts";
import type { Kube } from "./kube.ts";

const MachineConfig = z.object({ spec: z.object({ osImageURL: z.string().default("") }) });

export interface MachineConfigs {
  /** Name to `osImageURL`. */
  known: ReadonlyMap<string, string>;
  /**
   * Reads those of the names that are not known yet. One that cannot be read is logged, asked for again `patience` later,
   * and hinders no other: a node can name what it likes.
   */
  learn: (names: ReadonlySet<string>) => Promise<void>;
  /** Forgets what is not among the names. */
  keepOnly: (names: ReadonlySet<string>) => void;
}

/** Names of objects (RFC 1123 subdomains): nothing else may stand in a path. */
const legal = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
/** Milliseconds. */
export const patience = 60_000;
/** They are large: not all at once. */
const together = 4;

export function createMachineConfigs(kube: Pick<Kube, "get">, log: Log): MachineConfigs {
  const known = new Map<string, string>();
  const askedAt = new Map<string, number>();
  const learnOne = async (name: string) => {
    askedAt.set(name, Date.now());
    try {
      const object = await kube.get(`/apis/machineconfiguration.openshift.io/v1/machineconfigs/${name}`);
      if (object !== undefined) known.set(name, MachineConfig.parse(object).spec.osImageURL);
    } catch (error) {
      log.warn({ machineConfig: name, ...failureOf(error) }, "A MachineConfig cannot be read.");
    }
  };
  return {
    known,
    learn: async (names) => {
      const rested = (name: string) => Date.now() - (askedAt.get(name) ?? 0) >= patience;
      const wanted = [...names].filter((name) => !known.has(name) && legal.test(name) && rested(name));
      for (let from = 0; from < wanted.length; from += together)
        await Promise.all(wanted.slice(from, from + together).map(learnOne));
    },
    keepOnly: (names) => {
      for (const map of [known, askedAt]) for (const name of map.keys()) if (!names.has(name)) map.delete(name);
    },
  };
}
