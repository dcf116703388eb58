// The retirement: which templates of ours are older than what is retained, and named by nobody.
import { compareReleases } from "./release.ts";
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
  /** The target's release. */
  target: string;
  /** How many releases are kept in each vCenter, the target's among them; at least 1. */
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
  if (compareReleases(release, input.target) !== -1) return "NotOlder";
  return newest(input, server).has(release) ? "Newest" : null;
}

/** The releases that are retained; those whose order is not known, or that are newer than the target, stay besides. */
function newest({ templates, target, retain }: RetirementInput<RetirableTemplate>, server: string): Set<string> {
  const older = templates
    .filter((one) => one.server === server && one.isTemplate && compareReleases(one.release, target) === -1)
    .map(({ release }) => release);
  const descending = [...new Set(older)].sort((one, other) => compareReleases(other, one) ?? 0);
  return new Set([target, ...descending].slice(0, retain));
}
