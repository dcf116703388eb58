// The old MachineSet: written before OpenShift had webhooks for it, and stored with nobody's defaults.
import { z } from "zod";
import type { Api, KubeObject } from "./api.ts";
import type { Ground } from "./ground.ts";
import type { Zone } from "./topology.ts";
import { until } from "./until.ts";
import { machineSet } from "./vsphere-objects.ts";

const Template = z.object({
  metadata: z.unknown(),
  spec: z.object({
    providerSpec: z.object({
      value: z.looseObject({
        snapshot: z.unknown(),
        credentialsSecret: z.unknown(),
        workspace: z.looseObject({}),
        network: z.object({ devices: z.array(z.looseObject({})) }),
      }),
    }),
  }),
});
const Spec = z.looseObject({ template: Template });

/**
 * The MachineSet of a zone with the same meaning in other words: fields left out that have a default, fields written out that are not set, the
 * API group of old, and a field that OpenShift does not know. The webhook puts all of it right at the next update, whoever makes it.
 */
export function oldMachineSet(server: string, zone: Zone): KubeObject {
  const made = machineSet(server, zone);
  const { template, ...spec } = Spec.parse(made.spec);
  const { snapshot, credentialsSecret, workspace, network, ...value } = template.spec.providerSpec.value;
  const old = {
    ...value,
    apiVersion: "vsphereprovider.openshift.io/v1beta1",
    metadata: { creationTimestamp: null },
    workspace: { ...workspace, vmGroup: "" },
    network: { devices: network.devices.map((device) => ({ ...device, gateway: "", ipAddrs: [] })) },
    cloneMode: "",
    tagIDs: [],
    dataDisks: null,
    machinesOfOld: 1,
  };
  return { ...made, spec: { ...spec, template: { ...template, spec: { providerSpec: { value: old } } } } };
}

const namespace = "/apis/machine.openshift.io/v1beta1/namespaces/openshift-machine-api";

/** Stores it while there are no webhooks, and waits until the controllers have had their look at it: each look of theirs ends in an update. */
export async function storeOldMachineSet(ground: Ground, api: Api, object: KubeObject): Promise<void> {
  const { name } = (await api.apply(object)).metadata;
  let seen = "";
  const told = "machine.openshift.io/vCPU";
  await until({ signal: ground.signal, what: "a settled MachineSet", within: 60_000, every: 500 }, async () => {
    const { metadata } = (await api.get(`${namespace}/machinesets/${name}`)) ?? object;
    const settled = metadata.annotations?.[told] !== undefined && metadata.resourceVersion === seen;
    seen = metadata.resourceVersion ?? "";
    return settled;
  });
}
