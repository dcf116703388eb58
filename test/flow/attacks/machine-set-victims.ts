// The MachineSets as victims: what matters of them, and how they become what they were, also the one that no webhook has seen.
import { setTimeout as sleep } from "node:timers/promises";
import type { Api, KubeObject } from "../../lab/api.ts";
import type { Lab } from "../../lab/lab.ts";
import { oldMachineSet } from "../../lab/old-machine-set.ts";
import { type Zone, zones } from "../../lab/topology.ts";
import { until } from "../../lab/until.ts";
import { admission, machineSets } from "./objects.ts";

const [zone] = zones as [Zone];

/** Status and versions are written by OpenShift's controllers while attacks go on. */
export async function machineSetVictims(api: Api): Promise<object[]> {
  return (await api.list(machineSets)).map(({ metadata, spec }) => {
    const { name, labels, annotations, finalizers, ownerReferences } = metadata;
    return { name, labels, annotations, finalizers, ownerReferences, spec };
  });
}

/** Stores MachineSets as they were saved, with nobody's defaults. */
export async function putBack(lab: Lab, saved: readonly KubeObject[]): Promise<void> {
  await withoutWebhooks(lab, async () => {
    for (const set of saved) {
      const path = `${machineSets}/${set.metadata.name}`;
      const resourceVersion = (await lab.api.get(path))?.metadata.resourceVersion;
      await lab.api.send("PUT", path, { ...set, metadata: { ...set.metadata, resourceVersion } });
    }
    // Each change makes OpenShift's controllers write the MachineSet once more: webhooks would see it.
    await sleep(500);
  });
}

const webhooks = ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"];

/** Does what is to be done while OpenShift's webhooks are away. */
export async function withoutWebhooks({ api, ground, vcenter }: Lab, work: () => Promise<void>): Promise<void> {
  const old = oldMachineSet(vcenter.server, zone);
  const probe = { ...old, metadata: { ...old.metadata, name: "probe" } };
  const present = (wanted: boolean) =>
    until({ signal: ground.signal, what: `webhooks ${wanted ? "back" : "away"}` }, async () => {
      const made = await api.send("POST", `${machineSets}?dryRun=All`, probe);
      return JSON.stringify(made).includes('"snapshot":""') === wanted;
    });
  const kept: KubeObject[] = [];
  for (const kind of webhooks) {
    const path = `${admission}/${kind}/machine-api`;
    const object = await api.get(path);
    if (object !== undefined) kept.push({ ...object, metadata: { name: object.metadata.name } });
    await api.remove(path);
  }
  await present(false);
  try {
    await work();
  } finally {
    for (const object of kept) await api.apply(object);
    await present(true);
  }
}
