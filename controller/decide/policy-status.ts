// The status of the BootImagePolicy: everything an admin asks the controller, in one object.
import type { BootImageTarget } from "./boot-image.ts";
import { type Condition, mergeConditions } from "./condition-merge.ts";
import { type ConditionsInput, findings, isSelected } from "./conditions.ts";
import type { Decision } from "./decision.ts";
import type { MachineSetState } from "./machine-set-state.ts";
import { oldestRelease } from "./release.ts";
import type { TemplateFacts } from "./steps.ts";

export interface TemplateInMaking {
  server: string;
  path: string;
  state: "Importing" | "Cloning";
  bytesDone: number | null;
  bytesTotal: number | null;
  bytesPerSecond: number | null;
}

/** A template that is not the target's. */
interface OtherTemplate {
  server: string;
  path: string;
  release: string;
  /** Who names it; for people. */
  inUseBy?: readonly string[];
}

export interface PolicyStatusInput extends Omit<ConditionsInput, "failures"> {
  generation: number;
  /** What the status says now. */
  conditions: readonly Condition[];
  target: Decision<BootImageTarget>;
  templates: readonly TemplateFacts[];
  making: readonly TemplateInMaking[];
  /** All that is ours, of whatever release. */
  retained: readonly OtherTemplate[];
  /** Those under names of ours with another release's content. */
  replaced: readonly OtherTemplate[];
  /** Boot images of the nodes of each MachineSet. */
  bootImages: ReadonlyMap<string, readonly string[]>;
  /** RFC 3339. */
  now: string;
}

/** Without nulls. Equal input, but for `now`, gives an equal status: so nothing is written when nothing changed. */
export function policyStatus(input: PolicyStatusInput): Record<string, unknown> {
  const { target, machineSets, nodes, generation } = input;
  const selected = machineSets.filter(isSelected);
  const failures = target.ok || target.reason === "ClusterUpdating" ? [] : [target];
  const applying = nodes.total - nodes.notApplicable;
  const onTarget = selected.filter(({ state }) => state === "UpToDate").length;
  return {
    observedGeneration: generation,
    summary: { machineSets: `${onTarget}/${selected.length}`, nodes: `${nodes.verified}/${applying}` },
    ...(target.ok ? { target: targetStatus(target.value) } : {}),
    machineSets: machineSets.map((state) => machineSetStatus(state, input)),
    templates: templatesStatus(input),
    nodes: withoutNulls({ ...nodes }),
    conditions: mergeConditions(input.conditions, findings({ ...input, failures: failures.map(failureOnly) }), {
      now: input.now,
      observedGeneration: generation,
    }),
  };
}

function failureOnly({ reason, message }: Extract<Decision<unknown>, { ok: false }>) {
  return { reason, message };
}

/** The query of a URL may be a key: it is nobody's business. */
function targetStatus({ release, version, sha256, url }: BootImageTarget): Record<string, string> {
  return { release, version, sha256, url: url.replace(/[?#].*$/, "") };
}

function machineSetStatus(state: MachineSetState, { bootImages }: PolicyStatusInput): Record<string, unknown> {
  return withoutNulls({ ...state, oldestBootImage: oldestRelease(bootImages.get(state.name) ?? []) });
}

/** Each path once: what is being made, what is ready, what was replaced, and what is kept of other releases. */
function templatesStatus({ templates, making, retained, replaced, machineSets }: PolicyStatusInput) {
  const all = [
    ...making,
    ...templates.map(({ server, path, name, release, ours }) => {
      const users = machineSets.filter(({ template }) => template === path || template === name);
      return { server, path, release, state: "Ready", ours, inUseBy: users.map((set) => `MachineSet/${set.name}`) };
    }),
    ...replaced.map(({ server, path, release }) => ({ server, path, release, state: "ContentReplaced" })),
    ...retained.map(({ server, path, release, inUseBy }) => {
      return { server, path, release, state: "Retained", ours: true, inUseBy: inUseBy ?? [] };
    }),
  ];
  const first = new Map<string, Record<string, unknown>>();
  for (const template of all) {
    const key = JSON.stringify([template.server, template.path]);
    if (!first.has(key)) first.set(key, withoutNulls({ ...template }));
  }
  return [...first.values()];
}

/** The API server keeps no nulls in lists, so they would differ for ever. */
function withoutNulls(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
