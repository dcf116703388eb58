// The retirement: which templates of ours are older than what is retained, and named by nobody.
import { compareReleases, oldestRelease } from "./release.ts";
import { mayMean, type TemplateReference } from "./template-reference.ts";

/** A template of ours, as a survey finds it. */
export interface RetirableTemplate {
  server: string;
  name: string;
  /** Of its marker. */
  release: string;
  markers: { name: string };
  /** False for a VM, be it under its temporary name or because somebody converted it. */
  isTemplate: boolean;
}

export interface RetirementInput<Template extends RetirableTemplate> {
  /** All that is ours. */
  templates: readonly Template[];
  /** The releases that MachineSets are to have: one, or one for each stream. */
  targets: readonly string[];
  /** How many releases are kept in each vCenter for each target, its own among them; at least 1. */
  retain: number;
  references: readonly TemplateReference[];
  /** The lists of which something could not be read: who names a template is then not known. */
  unread: readonly string[];
}

export interface KeptTemplate<Template> {
  template: Template;
  why: "Newest" | "NotOlder" | "Named" | "NoTemplate" | "Unread";
  /** Who names it; for people. */
  by: string[];
}

export interface Retirement<Template> {
  /** The oldest first. */
  retire: Template[];
  kept: KeptTemplate<Template>[];
}

/** Any doubt keeps a template: one that is gone cannot be had back, and one too many costs a few GiB. */
export function retirement<Template extends RetirableTemplate>(input: RetirementInput<Template>): Retirement<Template> {
  const judged = input.templates.map((template): KeptTemplate<Template> & { stays: boolean } => {
    const by = input.references.filter((one) => mayMean(one, template.name)).map((one) => one.by);
    const why = reasonToKeep(template, { ...input, named: by.length > 0 });
    return { template, by: [...new Set(by)], why: why ?? "Unread", stays: why !== null || input.unread.length > 0 };
  });
  return {
    retire: judged
      .filter(({ stays }) => !stays)
      .map(({ template }) => template)
      .sort((one, other) => compareReleases(one.release, other.release) ?? 0),
    kept: judged.filter(({ stays }) => stays).map(({ template, why, by }) => ({ template, why, by })),
  };
}

function reasonToKeep(
  template: RetirableTemplate,
  input: RetirementInput<RetirableTemplate> & { named: boolean },
): KeptTemplate<unknown>["why"] | null {
  const { server, name, release, markers, isTemplate } = template;
  if (input.named) return "Named";
  if (!isTemplate || name !== markers.name) return "NoTemplate";
  const target = targetOver(release, input.targets);
  if (target === null) return "NotOlder";
  return newest(target, input, server).has(release) ? "Newest" : null;
}

/**
 * The target that a release comes before: of several the oldest that is newer than it, for 9.6 that of 9.8 and not of
 * 10.2. Null for one that is newer than all, or a target itself, or whose order is not known.
 */
function targetOver(release: string, targets: readonly string[]): string | null {
  if (targets.some((target) => compareReleases(release, target) === 0)) return null;
  return oldestRelease(targets.filter((target) => compareReleases(release, target) === -1));
}

/** The releases that are retained for the target; those whose order is not known, or that are newer, stay besides. */
function newest(
  target: string,
  { templates, targets, retain }: RetirementInput<RetirableTemplate>,
  server: string,
): Set<string> {
  const older = templates
    .filter((one) => one.server === server && one.isTemplate && targetOver(one.release, targets) === target)
    .map(({ release }) => release);
  const descending = [...new Set(older)].sort((one, other) => compareReleases(other, one) ?? 0);
  return new Set([target, ...descending].slice(0, retain));
}
