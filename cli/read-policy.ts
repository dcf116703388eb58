// The BootImagePolicy as the CLI reads it: of any version, also with parts of the status missing or spoilt.
import { z } from "zod";
import { policyAnnotations } from "../common/annotations.ts";
import type { Api } from "./kube/api.ts";
import { resources } from "./kube/resource.ts";

/** The policy's one name. */
export const policyName = "cluster";

const text = z.string().optional().catch(undefined);
const number = z.number().optional().catch(undefined);

/** A list without the entries that cannot be read. */
function listOf<T extends z.ZodType>(entry: T) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((all) => all.flatMap((one) => entry.safeParse(one).data ?? []));
}

function objectOf<T extends z.ZodRawShape>(shape: T) {
  return z.object(shape).optional().catch(undefined);
}

const MachineSet = z.object({
  name: z.string(),
  managedBy: text,
  managedByReason: text,
  managedByMessage: text,
  state: text,
  reason: text,
  message: text,
  template: text,
  release: text,
  oldestBootImage: text,
  moved: objectOf({ template: text, at: text }),
  contested: objectOf({ times: number, manager: text, last: text }),
});
export type MachineSetStatus = z.infer<typeof MachineSet>;

const Template = z.object({
  server: z.string(),
  path: z.string(),
  release: text,
  state: text,
  bytesDone: number,
  bytesTotal: number,
  bytesPerSecond: number,
  ours: z.boolean().optional().catch(undefined),
  inUseBy: listOf(z.string()),
});
export type TemplateStatus = z.infer<typeof Template>;

const Step = z.object({
  step: z.string(),
  server: z.string(),
  template: z.string(),
  release: text,
  machineSet: text,
  from: text,
});
export type PlannedStep = z.infer<typeof Step>;

const Moved = z.object({ machineSet: z.string(), template: z.string(), previousTemplate: z.string() });

const Condition = z.object({ type: z.string(), status: z.string(), reason: text, message: text });

const Target = z.object({ release: text, version: text, sha256: text, url: text, stream: text, architecture: text });

const Status = z.object({
  observedGeneration: number,
  summary: objectOf({ machineSets: text, nodes: text }),
  target: Target.optional().catch(undefined),
  targets: listOf(Target),
  machineSets: listOf(MachineSet),
  templates: listOf(Template),
  plan: z
    .array(z.unknown())
    .optional()
    .catch(undefined)
    .transform((all) => all?.flatMap((one) => Step.safeParse(one).data ?? [])),
  rollout: objectOf({
    halted: objectOf({
      reason: text,
      message: text,
      machine: text,
      machineSet: text,
      template: text,
      since: text,
      moved: listOf(Moved),
    }),
  }),
  platform: objectOf({ version: text, featureSet: text, machineConfigOperator: text, message: text }),
  controlPlane: objectOf({ name: text, template: text, release: text, message: text }),
  nodes: objectOf({
    total: number,
    verified: number,
    updating: number,
    mismatch: number,
    unknown: number,
    notApplicable: number,
    oldestBootImage: text,
  }),
  conditions: listOf(Condition),
});
export type PolicyStatus = z.infer<typeof Status>;

const Policy = z.object({
  metadata: z
    .object({
      resourceVersion: text,
      generation: number,
      annotations: z.record(z.string(), z.string()).catch({}).default({}),
    })
    .catch({ resourceVersion: undefined, generation: undefined, annotations: {} }),
  spec: z
    .object({ mode: text, imageSource: objectOf({ release: text }) })
    .catch({ mode: undefined, imageSource: undefined }),
  status: Status.optional().catch(undefined),
});

export interface PolicyFacts {
  resourceVersion: string;
  generation: number | null;
  mode: string;
  /** Of the image or template that `spec.imageSource` names; null: the cluster's release says which it is. */
  ownRelease: string | null;
  /** The annotation by which people release a halt. */
  resumedAt: string | null;
  /** null: the controller has written none. */
  status: PolicyStatus | null;
}

/** null: there is none. Throws RightMissing and ApiError. */
export async function readPolicy(api: Api): Promise<PolicyFacts | null> {
  const object = await api.get(resources.policies, policyName);
  return object === undefined ? null : policyFacts(object);
}

/** Total: what cannot be read counts as not said. */
export function policyFacts(object: unknown): PolicyFacts {
  const { metadata, spec, status } = Policy.parse(object);
  // Of a status in which the controller said nothing there is nothing to be shown either.
  const said = status !== undefined && (status.observedGeneration !== undefined || status.conditions.length > 0);
  return {
    resourceVersion: metadata.resourceVersion ?? "",
    generation: metadata.generation ?? null,
    mode: spec.mode ?? "Observe",
    ownRelease: spec.imageSource?.release ?? null,
    resumedAt: metadata.annotations[policyAnnotations.resumedAt] ?? null,
    status: said ? status : null,
  };
}

/** The message of a condition that has this status; undefined: it has not, or is not there. */
export function conditionAt(
  status: PolicyStatus,
  type: string,
  wanted: "True" | "False" | "Unknown",
): { reason: string; message: string } | undefined {
  const found = status.conditions.find((one) => one.type === type && one.status === wanted);
  return found && { reason: found.reason ?? "", message: found.message ?? "" };
}
