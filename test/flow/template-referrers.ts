// The referrers of templates in a lab: objects of the cluster that name one, made and taken away.
import { z } from "zod";
import { machineApi, type Stage } from "../demo/stage.ts";
import { infrastructureName, machineSetName, type Zone } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { machineSet } from "../lab/vsphere-objects.ts";
import { zoneA } from "./old-templates.ts";

const spareZone: Zone = { ...zoneA, suffix: "spare" };
export const spare = machineSetName(spareZone);
export const controlPlane =
  "/apis/machine.openshift.io/v1/namespaces/openshift-machine-api/controlplanemachinesets/cluster";
const infrastructure = "/apis/config.openshift.io/v1/infrastructures/cluster";
const cluster = { "machine.openshift.io/cluster-api-cluster": infrastructureName };

export function setPath(name: string): string {
  return `${machineApi}/machinesets/${name}`;
}

export async function annotateSet({ lab }: Stage, zone: Zone, annotations: object): Promise<void> {
  await lab.api.merge(setPath(machineSetName(zone)), { metadata: { annotations } });
}

export async function setTemplate({ lab }: Stage, name: string, value: object): Promise<void> {
  await lab.api.merge(setPath(name), { spec: { template: { spec: { providerSpec: { value } } } } });
}

/** A MachineSet that is held, so that it keeps the template that it names. */
export async function addSpare(stage: Stage, value: { template: string; cloneMode?: string }): Promise<void> {
  const { metadata, ...object } = machineSet(stage.lab.vcenter.server, spareZone);
  const annotations = { ...metadata.annotations, "bootwarden.io/hold": "true" };
  await stage.lab.api.apply({ ...object, metadata: { ...metadata, annotations } });
  await setTemplate(stage, spare, value);
}

const Provider = z.object({
  template: z.object({ spec: z.object({ providerSpec: z.object({ value: z.looseObject({}) }) }) }),
});

function providerOf({ lab }: Stage, template: unknown): object {
  const { spec } = machineSet(lab.vcenter.server, zoneA);
  return { ...Provider.parse(spec).template.spec.providerSpec.value, template };
}

export async function addControlPlane(stage: Stage, template: unknown): Promise<void> {
  const role = { "machine.openshift.io/cluster-api-machine-role": "master" };
  const labels = { ...cluster, ...role, "machine.openshift.io/cluster-api-machine-type": "master" };
  const providerSpec = { value: providerOf(stage, template) };
  const machineType = "machines_v1beta1_machine_openshift_io";
  const machines = { metadata: { labels }, spec: { lifecycleHooks: {}, metadata: {}, providerSpec } };
  await stage.lab.api.apply({
    apiVersion: "machine.openshift.io/v1",
    kind: "ControlPlaneMachineSet",
    metadata: { name: "cluster", namespace: "openshift-machine-api" },
    spec: {
      ...{ replicas: 3, state: "Active", selector: { matchLabels: labels } },
      template: { machineType, [machineType]: machines },
    },
  });
}

const Infrastructure = z.object({
  spec: z.object({
    platformSpec: z.object({
      vsphere: z.object({ failureDomains: z.array(z.looseObject({ topology: z.looseObject({}) })) }),
    }),
  }),
});

/** null takes it away. */
export async function setFailureDomainTemplate({ lab }: Stage, template: string | null): Promise<void> {
  const { failureDomains } = Infrastructure.parse(await lab.api.get(infrastructure)).spec.platformSpec.vsphere;
  const [first, ...others] = failureDomains;
  const changed = { ...first, topology: { ...first?.topology, template } };
  await lab.api.merge(infrastructure, {
    spec: { platformSpec: { vsphere: { failureDomains: [changed, ...others] } } },
  });
}

export function machinePath(name: string): string {
  return `${machineApi}/machines/${name}`;
}

/** Of a template that is not there yet: so it ends Failed, and names the template for good. */
export async function addLostMachine(stage: Stage, template: string): Promise<void> {
  const { lab, signal } = stage;
  await lab.api.apply({
    apiVersion: "machine.openshift.io/v1beta1",
    kind: "Machine",
    metadata: { name: "lost", namespace: "openshift-machine-api", labels: cluster },
    spec: { providerSpec: { value: providerOf(stage, template) } },
  });
  await until({ signal, what: "a Machine that failed" }, async () => {
    const status = JSON.stringify((await lab.api.get(machinePath("lost")))?.status ?? {});
    if (status.includes('"phase":"Failed"')) return true;
    throw new Error(status);
  });
}

/** The lab's Machine API cannot end it without the CRD of IPAddressClaims: its finalizer is taken away. */
export async function removeMachine({ lab }: Stage, path: string): Promise<void> {
  await lab.api.remove(path);
  await lab.api.merge(path, { metadata: { finalizers: null } });
}
