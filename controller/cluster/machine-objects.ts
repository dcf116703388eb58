// The Machine API's objects, reduced to what decisions are made from.
import { z } from "zod";
import type { VSphereProvider, Workspace } from "../decide/machine-set.ts";
import { Metadata } from "./metadata.ts";
import { templateWriter } from "./template-writer.ts";

/** A raw extension: the API server keeps what it is given, also nulls, which Go reads as left out. */
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);
const secret = z.object({ name: text }).nullish();

const ProviderSpec = z.object({
  template: text,
  workspace: z
    .object({ server: text, datacenter: text, datastore: text, folder: text, resourcePool: text, vmGroup: text })
    .nullish(),
  network: z.object({ devices: z.array(z.object({ networkName: text })).nullish() }).nullish(),
  cloneMode: text,
  snapshot: text,
  tagIDs: z.array(z.string()).nullish(),
  credentialsSecret: secret,
  userDataSecret: secret,
  diskGiB: z.number().nullish(),
});

const MachineSetObject = z.object({
  metadata: Metadata.extend({ managedFields: z.unknown().optional() }),
  spec: z.object({
    authoritativeAPI: z.string().optional(),
    template: z
      .object({
        metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }).default({ labels: {} }),
        spec: z.object({ providerSpec: z.object({ value: z.unknown().optional() }).optional() }).optional(),
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
    resourceVersion: metadata.resourceVersion,
    labels: metadata.labels,
    annotations: metadata.annotations,
    owners: metadata.ownerReferences,
    templateLabels: spec.template?.metadata.labels ?? {},
    authoritativeAPI: spec.authoritativeAPI,
    writtenBy: templateWriter(metadata.managedFields),
    provider: readProvider(spec.template?.spec?.providerSpec?.value),
  };
}

const MachineObject = z.object({
  metadata: Metadata,
  spec: z.object({
    providerID: z.string().optional(),
    providerSpec: z.object({ value: z.unknown().optional() }).optional(),
  }),
  status: z
    .object({
      phase: z.string().optional(),
      nodeRef: z.object({ name: z.string() }).optional(),
      errorMessage: z.string().nullish(),
    })
    .default({}),
});

export type MachineObject = ReturnType<typeof readMachine>;

export function readMachine(object: unknown) {
  const { metadata, spec, status } = MachineObject.parse(object);
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? "",
    uid: metadata.uid,
    createdAt: metadata.creationTimestamp,
    machineSet: metadata.labels["machine.openshift.io/cluster-api-machineset"],
    providerID: spec.providerID,
    phase: status.phase,
    errorMessage: status.errorMessage ?? "",
    node: status.nodeRef?.name,
    provider: readProvider(spec.providerSpec?.value),
  };
}

/** Null for another platform's. One that is vSphere's and cannot be read is an error: it is not another platform's. */
export function readProvider(value: unknown): VSphereProvider | null {
  if (z.object({ kind: z.string() }).safeParse(value).data?.kind !== "VSphereMachineProviderSpec") return null;
  const { template, workspace, network, cloneMode, snapshot, tagIDs, ...rest } = ProviderSpec.parse(value);
  return {
    template: template ?? "",
    workspace: workspace == null ? null : given(workspace),
    networkName: network?.devices?.[0]?.networkName ?? "",
    cloneMode,
    snapshot,
    tagIDs: tagIDs ?? undefined,
    credentialsSecret: rest.credentialsSecret?.name,
    userDataSecret: rest.userDataSecret?.name,
    diskGiB: rest.diskGiB ?? undefined,
  };
}

function given(workspace: Record<keyof Workspace, string | undefined>): Partial<Workspace> {
  return Object.fromEntries(Object.entries(workspace).filter(([, value]) => value !== undefined));
}
