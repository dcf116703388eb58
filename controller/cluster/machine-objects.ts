// The Machine API's objects, reduced to what decisions are made from.
import { z } from "zod";
import type { VSphereProvider } from "../decide/machine-set.ts";
import { Metadata } from "./metadata.ts";

const ProviderSpec = z.object({
  kind: z.string().optional(),
  template: z.string().default(""),
  workspace: z
    .object({
      server: z.string().exactOptional(),
      datacenter: z.string().exactOptional(),
      datastore: z.string().exactOptional(),
      folder: z.string().exactOptional(),
      resourcePool: z.string().exactOptional(),
      vmGroup: z.string().exactOptional(),
    })
    .nullish(),
  network: z.object({ devices: z.array(z.object({ networkName: z.string().optional() })).nullish() }).nullish(),
  cloneMode: z.string().optional(),
  credentialsSecret: z.object({ name: z.string().optional() }).nullish(),
  userDataSecret: z.object({ name: z.string().optional() }).nullish(),
  diskGiB: z.number().optional(),
});

const MachineSetObject = z.object({
  metadata: Metadata,
  spec: z.object({
    authoritativeAPI: z.string().optional(),
    template: z
      .object({
        metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }).default({ labels: {} }),
        spec: z.object({ providerSpec: z.object({ value: z.unknown() }).optional() }).optional(),
      })
      .optional(),
  }),
});

export type MachineSetObject = ReturnType<typeof readMachineSet>;

/** A MachineSet; its architecture is decided later, since that depends on the cluster. */
export function readMachineSet(object: unknown) {
  const { metadata, spec } = MachineSetObject.parse(object);
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? "",
    uid: metadata.uid,
    labels: metadata.labels,
    annotations: metadata.annotations,
    owners: metadata.ownerReferences,
    templateLabels: spec.template?.metadata.labels ?? {},
    authoritativeAPI: spec.authoritativeAPI,
    provider: readProvider(spec.template?.spec?.providerSpec?.value),
  };
}

const MachineObject = z.object({
  metadata: Metadata,
  spec: z.object({
    providerID: z.string().optional(),
    providerSpec: z.object({ value: z.unknown() }).optional(),
  }),
  status: z.object({ phase: z.string().optional(), nodeRef: z.object({ name: z.string() }).optional() }).default({}),
});

export type MachineObject = ReturnType<typeof readMachine>;

export function readMachine(object: unknown) {
  const { metadata, spec, status } = MachineObject.parse(object);
  return {
    name: metadata.name,
    uid: metadata.uid,
    createdAt: metadata.creationTimestamp,
    machineSet: metadata.labels["machine.openshift.io/cluster-api-machineset"],
    providerID: spec.providerID,
    phase: status.phase,
    node: status.nodeRef?.name,
    provider: readProvider(spec.providerSpec?.value),
  };
}

function readProvider(value: unknown): VSphereProvider | null {
  const provider = ProviderSpec.safeParse(value);
  if (!provider.success || provider.data.kind !== "VSphereMachineProviderSpec") return null;
  const { template, workspace, network, cloneMode, credentialsSecret, userDataSecret, diskGiB } = provider.data;
  return {
    template,
    workspace: workspace ?? null,
    networkName: network?.devices?.[0]?.networkName ?? "",
    cloneMode,
    credentialsSecret: credentialsSecret?.name,
    userDataSecret: userDataSecret?.name,
    diskGiB,
  };
}
