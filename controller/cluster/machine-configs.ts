// The rendered MachineConfigs: of each the OS image that it asks for. Read one by one and kept, since they never change.
import { z } from "zod";
import type { Kube } from "./kube.ts";

const MachineConfig = z.object({ spec: z.object({ osImageURL: z.string().default("") }) });

export interface MachineConfigs {
  /** Name to `osImageURL`. */
  known: ReadonlyMap<string, string>;
  /** Reads those of the names that are not known yet, and forgets what is no longer named. Throws KubeError. */
  learn: (names: ReadonlySet<string>) => Promise<void>;
}

export function createMachineConfigs(kube: Kube): MachineConfigs {
  const known = new Map<string, string>();
  return {
    known,
    learn: async (names) => {
      for (const name of known.keys()) if (!names.has(name)) known.delete(name);
      for (const name of names) {
        if (known.has(name)) continue;
        const path = `/apis/machineconfiguration.openshift.io/v1/machineconfigs/${encodeURIComponent(name)}`;
        const object = await kube.get(path);
        if (object !== undefined) known.set(name, MachineConfig.parse(object).spec.osImageURL);
      }
    },
  };
}
