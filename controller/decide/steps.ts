// The steps that bring MachineSets to the target, in the order in which they are taken.
import { type BootImageTarget, type ImportedImage, imageKey, isImported, isSameImage } from "./boot-image.ts";
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
  /** The image that it was found to be a template of; its release is from its product version, never from its name. */
  image: BootImageTarget;
  release: string | null;
  ours: boolean;
}

interface OneStep {
  place: Place;
  image: BootImageTarget;
  /** Of the template that is made, or moved to. */
  name: string;
  /** Its inventory path. */
  path: string;
}

interface MakingStep extends OneStep {
  image: ImportedImage;
}

/** Upload the image to the place, under `name`. */
export interface ImportStep extends MakingStep {
  kind: "Import";
}

/** Clone a template of the same vCenter to the place, under `name`. */
export interface CloneStep extends MakingStep {
  kind: "Clone";
  /** A template that is there, or that an earlier step makes. */
  from: { name: string; path: string };
}

/** Point the MachineSet at the template. */
export interface MoveStep extends OneStep {
  kind: "Move";
  machineSet: string;
  /** What the MachineSet names now, for the `test` of the JSON Patch. */
  was: string;
}

export type Step = ImportStep | CloneStep | MoveStep;

/** A MachineSet that is to be moved. */
export interface Behind {
  machineSet: MachineSetFacts;
  place: Place;
  image: BootImageTarget;
}

export interface StepsInput {
  infrastructureName: string;
  templates: readonly TemplateFacts[];
  /** Names in a vCenter that are held by VMs that are neither ours nor of the right product version. */
  taken: readonly { server: string; name: string }[];
}

/**
 * One import per vCenter and image, clones for its further places, and after each template the moves of its MachineSets:
 * places move one after the other. A template of the image that is there already is used.
 */
export function stepsFor(behind: readonly Behind[], input: StepsInput): Step[] {
  const shared = Map.groupBy(behind, ({ place, image }) => JSON.stringify([place.key, imageKey(image)]));
  const sources = sourcesIn(input.templates);
  const steps: Step[] = [];
  for (const group of shared.values()) {
    for (const [index, { machineSet, place, image }] of group.entries()) {
      const there = input.templates.find((one) => one.place === place.key && isSameImage(one.image, image));
      const name = there?.name ?? freeName(place, image, input);
      const own = { place, image, name, path: there?.path ?? templatePath(place, name) };
      // One that is not imported is there, or its MachineSets would not be behind but failed.
      if (there === undefined && index === 0 && isImported(image)) steps.push(making({ ...own, image }, sources));
      steps.push({ ...own, kind: "Move", machineSet: machineSet.name, was: machineSet.provider?.template ?? "" });
    }
  }
  return steps;
}

/** By `sourceKey`: a template that is there, or that an earlier step makes. */
type Sources = Map<string, CloneStep["from"]>;

function sourceKey(server: string, image: BootImageTarget): string {
  return JSON.stringify([server, imageKey(image)]);
}

/** Only of our own it is known which image they were made from: a clone carries that image's hash in its markers. */
function sourcesIn(templates: readonly TemplateFacts[]): Sources {
  const ours = templates.filter((template) => template.ours).toReversed();
  return new Map(ours.map(({ server, image, name, path }) => [sourceKey(server, image), { name, path }]));
}

function making(own: MakingStep, sources: Sources): Step {
  const key = sourceKey(own.place.server, own.image);
  const from = sources.get(key);
  if (from !== undefined) return { ...own, kind: "Clone", from };
  sources.set(key, { name: own.name, path: own.path });
  return { ...own, kind: "Import" };
}

function freeName(place: Place, { release }: BootImageTarget, { infrastructureName, taken }: StepsInput): string {
  const held = new Set(taken.filter(({ server }) => server === place.server).map(({ name }) => name));
  for (let attempt = 1; ; attempt++) {
    const name = templateName({ infrastructureName, place: place.label, release, attempt });
    if (!held.has(name)) return name;
  }
}
