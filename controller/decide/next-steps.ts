// The next steps: of a plan's steps those that may begin now, beside those that are being taken.
import { type BootImageTarget, isSameImage } from "./boot-image.ts";
import type { Step, TemplateFacts } from "./steps.ts";

export interface Underway {
  /** The steps that are being taken. */
  running: readonly Step[];
  /** Whether the subject failed so lately that it is not tried again yet. */
  resting: (subject: string) => boolean;
}

/** In one vCenter side by side. */
const clonesAtOnce = 4;

/** What a failure of the step is remembered by: place and release for its template, the MachineSet for its move. */
export function subjectOf(step: Step): string {
  return step.kind === "Move" ? step.machineSet : templateSubject(step);
}

/** What the failure to make the template is remembered by that the step makes, or moves to. */
export function templateSubject({ place, image }: Pick<Step, "place" | "image">): string {
  return JSON.stringify([place.key, image.release]);
}

/** What fails with the step: the places whose templates are cloned from the one that it makes. */
export function dependents(step: Step, steps: readonly Step[]): string[] {
  if (step.kind !== "Import") return [];
  return steps.flatMap((other) => (sourceOf(other) === templateOf(step) ? [subjectOf(other)] : []));
}

/**
 * Each vCenter for itself: one import at a time, up to four clones side by side, one move at a time. A step begins when it does not
 * rest after a failure and the template that it needs is made; steps come in the order in which they are to be taken.
 */
export function nextSteps(steps: readonly Step[], { running, resting }: Underway): Step[] {
  const chosen: Step[] = [];
  const unmade = new Set([...steps, ...running].filter(isMaking).map(templateOf));
  for (const step of steps) {
    const busy = [...running, ...chosen];
    if (busy.some((other) => subjectOf(other) === subjectOf(step)) || resting(subjectOf(step))) continue;
    const needed = step.kind === "Move" ? templateOf(step) : sourceOf(step);
    if (needed !== null && unmade.has(needed)) continue;
    const alike = busy.filter(({ kind, place }) => kind === step.kind && place.server === step.place.server);
    if (alike.length < (step.kind === "Clone" ? clonesAtOnce : 1)) chosen.push(step);
  }
  return chosen;
}

export interface Wanted {
  steps: readonly Step[];
  /** The templates that are there. */
  templates: readonly Pick<TemplateFacts, "server" | "path">[];
  /** vCenters that could not be asked: what is wanted there is not known. */
  silent: ReadonlySet<string>;
  /** The images that are wanted anywhere. */
  images: readonly BootImageTarget[];
}

/**
 * Whether a step that is being taken is still wanted: its image is, and its template, or that is there already (then the
 * step is about to end), or its MachineSet is still to be moved to it.
 */
export function isWanted(step: Step, { steps, templates, silent, images }: Wanted): boolean {
  if (!images.some((image) => isSameImage(image, step.image))) return false;
  if (silent.has(step.place.server)) return true;
  const same = (other: Step) => subjectOf(other) === subjectOf(step) && templateOf(other) === templateOf(step);
  if (steps.some(same)) return true;
  return isMaking(step) && templates.some(({ server, path }) => keyOf(server, path) === templateOf(step));
}

function isMaking({ kind }: Step): boolean {
  return kind !== "Move";
}

/** The template that the step makes, or moves to. */
function templateOf({ place, path }: Step): string {
  return keyOf(place.server, path);
}

function sourceOf(step: Step): string | null {
  return step.kind === "Clone" ? keyOf(step.place.server, step.from.path) : null;
}

function keyOf(server: string, path: string): string {
  return JSON.stringify([server, path]);
}
