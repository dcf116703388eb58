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
   * Reads those of the names that are not known yet, and forgets what is no longer named. One that cannot be read is
   * logged, asked for again a minute later, and hinders no other: a node can name what it likes.
   */
  learn: (names: ReadonlySet<string>) => Promise<void>;
}

/** Names of objects (RFC 1123 subdomains): nothing else may stand in a path. */
const legal = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const patience = 60_000;

export function createMachineConfigs(kube: Kube, log: Log): MachineConfigs {
  const known = new Map<string, string>();
  const askedAt = new Map<string, number>();
  const learnOne = async (name: string) => {
    askedAt.set(name, Date.now());
    const object = await kube.get(`/apis/machineconfiguration.openshift.io/v1/machineconfigs/${name}`);
    if (object !== undefined) known.set(name, MachineConfig.parse(object).spec.osImageURL);
  };
  return {
    known,
    learn: async (names) => {
      for (const map of [known, askedAt]) for (const name of map.keys()) if (!names.has(name)) map.delete(name);
      for (const name of names) {
        const rested = Date.now() - (askedAt.get(name) ?? 0) > patience;
        if (known.has(name) || !rested || !legal.test(name)) continue;
        await learnOne(name).catch((error: unknown) => {
          log.warn({ machineConfig: name, ...failureOf(error) }, "A MachineConfig cannot be read.");
        });
      }
    },
  };
}
