// The Machines and MachineSets as the CLI reads them.
import { z } from "zod";
import { machineSetAnnotations } from "../common/annotations.ts";
import type { Api } from "./kube/api.ts";
import { resources } from "./kube/resource.ts";

const text = z.string().optional().catch(undefined);
const map = z.record(z.string(), z.string()).catch({}).default({});
const Workspace = z.object({ server: text, datacenter: text });
const Value = z.object({ kind: text, template: text, workspace: Workspace.optional().catch(undefined) });
const Provider = z
  .object({ value: Value.optional().catch(undefined) })
  .optional()
  .catch(undefined);

const Machine = z.object({
  metadata: z.object({ name: z.string(), creationTimestamp: text, labels: map }),
  spec: z.object({ providerSpec: Provider }).catch({ providerSpec: undefined }),
  status: z
    .object({
      phase: text,
      errorMessage: z.string().nullish().catch(undefined),
      nodeRef: z.object({ name: z.string() }).optional().catch(undefined),
    })
    .catch({ phase: undefined, errorMessage: undefined, nodeRef: undefined })
    .default({ phase: undefined, errorMessage: undefined, nodeRef: undefined }),
});

export interface MachineFacts {
  name: string;
  machineSet: string | null;
  createdAt: string | null;
  /** Running, Failed, …; null before its first. */
  phase: string | null;
  error: string | null;
  /** The name of its Node. */
  node: string | null;
  /** What it was, or is to be, cloned from, verbatim. */
  template: string | null;
}

/** Throws RightMissing and ApiError. */
export async function readMachines(api: Api): Promise<MachineFacts[]> {
  return ((await api.list(resources.machines)) ?? []).map(machineFacts);
}

export function machineFacts(object: unknown): MachineFacts {
  const { metadata, spec, status } = Machine.parse(object);
  return {
    name: metadata.name,
    machineSet: metadata.labels["machine.openshift.io/cluster-api-machineset"] ?? null,
    createdAt: metadata.creationTimestamp ?? null,
    phase: status.phase ?? null,
    error: status.errorMessage ?? null,
    node: status.nodeRef?.name ?? null,
    template: spec.providerSpec?.value?.template ?? null,
  };
}

const MachineSet = z.object({
  metadata: z.object({ name: z.string(), resourceVersion: text, labels: map, annotations: map }),
  spec: z
    .object({
      replicas: z.number().optional().catch(undefined),
      template: z
        .object({ spec: z.object({ providerSpec: Provider }).catch({ providerSpec: undefined }) })
        .optional()
        .catch(undefined),
    })
    .catch({ replicas: undefined, template: undefined }),
});

export interface MachineSetFacts {
  name: string;
  resourceVersion: string;
  infrastructureName: string | null;
  replicas: number | null;
  /** What new Machines are cloned from, verbatim; null: its provider spec names none. */
  template: string | null;
  /** Where that is; null: it does not say. */
  workspace: z.infer<typeof Workspace> | null;
  held: boolean;
  previousTemplate: string | null;
  resumedAt: string | null;
  hasAnnotations: boolean;
}

/** null: there is none of the name. Throws RightMissing and ApiError. */
export async function readMachineSet(api: Api, name: string): Promise<MachineSetFacts | null> {
  const object = await api.get(resources.machineSets, name);
  return object === undefined ? null : machineSetFacts(object);
}

/** Throws RightMissing and ApiError. */
export async function readMachineSets(api: Api): Promise<MachineSetFacts[]> {
  return ((await api.list(resources.machineSets)) ?? []).map(machineSetFacts);
}

export function machineSetFacts(object: unknown): MachineSetFacts {
  const { metadata, spec } = MachineSet.parse(object);
  const { annotations, labels } = metadata;
  return {
    name: metadata.name,
    resourceVersion: metadata.resourceVersion ?? "",
    infrastructureName: labels["machine.openshift.io/cluster-api-cluster"] ?? null,
    replicas: spec.replicas ?? null,
    template: spec.template?.spec.providerSpec?.value?.template ?? null,
    workspace: spec.template?.spec.providerSpec?.value?.workspace ?? null,
    held: annotations[machineSetAnnotations.hold] === "true",
    previousTemplate: annotations[machineSetAnnotations.previousTemplate] || null,
    resumedAt: annotations[machineSetAnnotations.resumedAt] ?? null,
    hasAnnotations: Object.keys(annotations).length > 0,
  };
}
