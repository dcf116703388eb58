// The steps that bring MachineSets to the target, in the order in which they are taken.
import type { BootImageTarget } from "./boot-image.ts";
import type { MachineSetFacts } from "./machine-set.ts";
import { templateName } from "./names.ts";
import { type Place, templatePath } from "./place.ts";

/** A finished template that may be used: ours, or somebody else's under a name of ours with the right product version. */
export interface TemplateFacts {
  server: string;
  /** The key of its place. */
  place: string;
  name: string;
  /** Inventory path. */
  path: string;
  /** From its marker or `summary.config.product.version`, never from its name. */
  release: string | null;
  ours: boolean;
}

/** Upload the target's image to the place, under `name`. */
export interface ImportStep {
  kind: "Import";
  place: Place;
  name: string;
}

/** Clone a template of the same vCenter to the place, under `name`. */
export interface CloneStep {
  kind: "Clone";
  place: Place;
  /** A template that is there, or that an earlier step makes. */
  from: { name: string; path: string };
  name: string;
}

/** Point the MachineSet at the template `name` of the place. */
export interface MoveStep {
  kind: "Move";
  machineSet: string;
  place: Place;
  name: string;
  /** What the MachineSet names now, for the `test` of the JSON Patch. */
  was: string;
}

export type Step = ImportStep | CloneStep | MoveStep;

/** A MachineSet that is to be moved. */
export interface Behind {
  machineSet: MachineSetFacts;
  place: Place;
}

export interface StepsInput {
  target: BootImageTarget;
  infrastructureName: string;
  templates: readonly TemplateFacts[];
  /** Names in a vCenter that are held by VMs that are neither ours nor of the right product version. */
  taken: readonly { server: string; name: string }[];
}

/**
 * One import per vCenter, clones for its further places, and after each template the moves of its MachineSets: places
 * move one after the other. A template of the target's release that is there already is used.
 */
export function stepsFor(behind: readonly Behind[], input: StepsInput): Step[] {
  const places = new Map(behind.map(({ place }) => [place.key, place]));
  const sources = new Map<string, CloneStep["from"]>();
  for (const template of input.templates) {
    // Only of our own it is known which image it was made from: a clone carries that image's hash in its markers.
    if (template.ours && template.release === input.target.release && !sources.has(template.server))
      sources.set(template.server, { name: template.name, path: template.path });
  }
  const steps: Step[] = [];
  for (const place of places.values()) {
    const there = input.templates.find(
      (template) => template.place === place.key && template.release === input.target.release,
    );
    const name = there?.name ?? freeName(place, input);
    const from = sources.get(place.server);
    if (there === undefined) steps.push(from ? { kind: "Clone", place, from, name } : { kind: "Import", place, name });
    if (from === undefined) sources.set(place.server, { name, path: templatePath(place, name) });
    for (const { machineSet } of behind.filter((one) => one.place.key === place.key))
      steps.push({ kind: "Move", machineSet: machineSet.name, place, name, was: machineSet.provider?.template ?? "" });
  }
  return steps;
}

function freeName(place: Place, { target, infrastructureName, taken }: StepsInput): string {
  const held = new Set(taken.filter(({ server }) => server === place.server).map(({ name }) => name));
  for (let attempt = 1; ; attempt++) {
    const name = templateName({ infrastructureName, place: place.label, release: target.release, attempt });
    if (!held.has(name)) return name;
  }
}
