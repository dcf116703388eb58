// The next step: of a plan's steps the first that may be taken now.
import { templatePath } from "./place.ts";
import type { Step } from "./steps.ts";

/** What a failure of the step is remembered by: the place for its template, the MachineSet for its move. */
export function subjectOf(step: Step): string {
  return step.kind === "Move" ? step.machineSet : step.place.key;
}

/** What fails with the step: the places whose templates are cloned from the one that it makes. */
export function dependents(step: Step, steps: readonly Step[]): string[] {
  if (step.kind !== "Import") return [];
  return steps.flatMap((other) => (other.kind === "Clone" && other.from.path === made(step) ? [other.place.key] : []));
}

/**
 * The first step that neither rests after a failure nor waits for a template that an earlier, resting step would make;
 * null when there is none. Steps come in the order in which they are to be taken.
 */
export function nextStep(steps: readonly Step[], isResting: (subject: string) => boolean): Step | null {
  const waiting = new Set<string>();
  const unmade = new Set<string>();
  for (const step of steps) {
    const blocked = waiting.has(step.place.key) || (step.kind === "Clone" && unmade.has(step.from.path));
    if (!blocked && !isResting(subjectOf(step))) return step;
    if (step.kind === "Move") continue;
    waiting.add(step.place.key);
    unmade.add(made(step));
  }
  return null;
}

function made({ place, name }: Step): string {
  return templatePath(place, name);
}
