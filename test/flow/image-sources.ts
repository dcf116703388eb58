// The image sources of a policy, set one after the other, and what MachineSets and status say of each.
import { z } from "zod";
import { machineSetTemplates, type Stage } from "../demo/stage.ts";
import { machineSetName } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { setPolicy, zoneA, zoneB } from "./old-templates.ts";

/** That of the lab's mirror. */
export const caBundle = { name: "lab-ca", key: "ca-bundle.crt" };
export const degraded = { type: "BootImageUpdateDegraded", status: "True" };
export const setA = `MachineSet/${machineSetName(zoneA)}`;

const nothing = { mirror: null, url: null, sha256: null, release: null, template: null, caBundle: null };

/** Makes it the whole of the policy's image source. */
export async function setSource(stage: Stage, own: object): Promise<void> {
  await setPolicy(stage, { imageSource: { ...nothing, ...own } });
}

const Status = z.object({
  status: z.object({
    target: z.record(z.string(), z.string()),
    templates: z.array(z.looseObject({ path: z.string(), state: z.string(), ours: z.boolean().optional() })),
    machineSets: z.array(z.looseObject({ name: z.string(), state: z.string(), reason: z.string() })),
  }),
});

export async function statusOf({ lab }: Stage) {
  return Status.parse(await lab.api.get("/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster")).status;
}

/** Waits until the two MachineSets name these templates. */
export async function untilNamed(stage: Stage, ...templates: [a: string, b: string]): Promise<void> {
  await until({ signal: stage.signal, what: templates.join(", "), within: 60_000 }, async () => {
    const now = await machineSetTemplates(stage);
    const seen = [zoneA, zoneB].map((zone) => now.get(machineSetName(zone)));
    if (seen.join() === templates.join()) return true;
    throw new Error(`${seen.join()}: ${JSON.stringify((await statusOf(stage)).machineSets)}`);
  });
}
