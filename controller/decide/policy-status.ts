// The status of the BootImagePolicy: everything an admin asks the controller, in one object.
import { type BootImageTarget, isImported } from "./boot-image.ts";
import type { RolloutMemory } from "./brake.ts";
import { type Condition, mergeConditions } from "./condition-merge.ts";
import { type ConditionsInput, findings, isSelected } from "./conditions.ts";
import type { ContestMemory } from "./contest.ts";
import type { ControlPlane } from "./control-plane.ts";
import type { Decision } from "./decision.ts";
import type { MachineSetState } from "./machine-set-state.ts";
import { isNamedBy, type Naming } from "./named-template.ts";
import type { Platform } from "./platform.ts";
import { oldestRelease } from "./release.ts";
import type { Step, TemplateFacts } from "./steps.ts";

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
  /** Of the default stream. */
  target: Decision<BootImageTarget>;
  /** All that MachineSets are to have, and the target. */
  images: readonly BootImageTarget[];
  templates: readonly TemplateFacts[];
  /** What each MachineSet names; null: its provider spec is not vSphere's. */
  providers: readonly { name: string; provider: Naming | null }[];
  making: readonly TemplateInMaking[];
  /** All that is ours, of whatever release. */
  retained: readonly OtherTemplate[];
  /** Those under names of ours with another release's content. */
  replaced: readonly OtherTemplate[];
  /** Boot images of the nodes of each MachineSet. */
  bootImages: ReadonlyMap<string, readonly string[]>;
  /** What is remembered of moves and reverts, by MachineSet. */
  contests: ReadonlyMap<string, ContestMemory>;
  rollout: RolloutMemory;
  /** The steps that are, or in Manage mode would be, taken. */
  wanted: readonly Step[];
  platform: Platform;
  /** null: the cluster has none. */
  controlPlane: ControlPlane | null;
  /** RFC 3339. */
  now: string;
}

/** So many steps are told. */
const longestPlan = 50;

/** Without nulls. Equal input, but for `now`, gives an equal status: so nothing is written when nothing changed. */
export function policyStatus(input: PolicyStatusInput): Record<string, unknown> & { conditions: Condition[] } {
  const { target, images, machineSets, nodes, generation, rollout } = input;
  const selected = machineSets.filter(isSelected);
  const failures = [
    ...(target.ok || target.reason === "ClusterUpdating" ? [] : [failureOnly(target)]),
    ...(rollout.halted === null ? [] : [{ reason: "Halted", message: rollout.halted.message } as const]),
  ];
  const applying = nodes.total - nodes.notApplicable;
  const onTarget = selected.filter(({ state }) => state === "UpToDate").length;
  return {
    observedGeneration: generation,
    summary: { machineSets: `${onTarget}/${selected.length}`, nodes: `${nodes.verified}/${applying}` },
    ...(target.ok ? { target: targetStatus(target.value) } : {}),
    ...(images.length > 1 ? { targets: images.map(imageStatus) } : {}),
    ...withoutNulls({ oldestRelease: oldestToBoot(machineSets) }),
    machineSets: machineSets.map((state) => machineSetStatus(state, input)),
    templates: templatesStatus(input),
    plan: input.wanted.slice(0, longestPlan).map(stepStatus),
    rollout: withoutNulls({ ...rollout }),
    platform: withoutNulls({ ...input.platform }),
    ...(input.controlPlane === null ? {} : { controlPlane: withoutNulls({ ...input.controlPlane }) }),
    nodes: withoutNulls({ ...nodes }),
    conditions: mergeConditions(input.conditions, findings({ ...input, failures }), {
      now: input.now,
      observedGeneration: generation,
    }),
  };
}

function failureOnly({ reason, message }: Extract<Decision<unknown>, { ok: false }>) {
  return { reason, message };
}

function targetStatus(image: BootImageTarget): Record<string, string> {
  const { release, version } = image;
  return { release, version, ...sourceStatus(image) };
}

function imageStatus(image: BootImageTarget): Record<string, string> {
  const { stream, architecture, release } = image;
  return { stream, architecture, release, ...sourceStatus(image) };
}

/** The query of a URL may be a key: it is nobody's business. */
function sourceStatus(image: BootImageTarget): Record<string, string> {
  if (!isImported(image)) return { template: image.template };
  return { sha256: image.sha256, url: image.url.replace(/[?#].*$/, "") };
}

/** Of what new Machines boot; null while one release is not known, or of no known scheme: it could be older than all others. */
function oldestToBoot(machineSets: readonly MachineSetState[]): string | null {
  const releases = machineSets
    .filter(({ template, managedByReason }) => template !== null && managedByReason !== "WindowsMachineSet")
    .map(({ release }) => release ?? "");
  return releases.every((release) => oldestRelease([release]) !== null) ? oldestRelease(releases) : null;
}

function machineSetStatus(state: MachineSetState, input: PolicyStatusInput): Record<string, unknown> {
  const { moved, contested } = input.contests.get(state.name) ?? { moved: null, contested: null };
  const oldestBootImage = oldestRelease(input.bootImages.get(state.name) ?? []);
  return withoutNulls({ ...state, oldestBootImage, moved, contested });
}

function stepStatus(step: Step): Record<string, unknown> {
  const { place, path, image } = step;
  return withoutNulls({
    step: step.kind,
    server: place.server,
    template: path,
    release: image.release,
    machineSet: step.kind === "Move" ? step.machineSet : null,
    from: step.kind === "Clone" ? step.from.path : null,
  });
}

/** Each path once: what is being made, what is ready, what was replaced, and what is kept of other releases. */
function templatesStatus({ templates, providers, making, retained, replaced }: PolicyStatusInput) {
  const all = [
    ...making,
    ...templates.map(({ server, path, release, ours }) => {
      const users = providers.filter(({ provider }) => provider !== null && isNamedBy(provider, { server, path }));
      return { server, path, release, state: "Ready", ours, inUseBy: users.map(({ name }) => `MachineSet/${name}`) };
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
