// The MachineSets that were moved to templates of ours of some release, each with its way back.
import { machineSetAnnotations } from "../common/annotations.ts";
import type { MovedMachineSet } from "./decide/brake.ts";
import type { MachineSetInput } from "./decide/machine-set-state.ts";

export function movedMachineSets(
  machineSets: readonly MachineSetInput[],
  releases: ReadonlySet<string>,
): MovedMachineSet[] {
  return machineSets.flatMap(({ facts, templateNow }) => {
    const previousTemplate = facts.annotations[machineSetAnnotations.previousTemplate];
    if (previousTemplate === undefined || !templateNow.ok || !templateNow.value.ours) return [];
    if (templateNow.value.release === null || !releases.has(templateNow.value.release)) return [];
    return [{ machineSet: facts.name, template: facts.provider?.template ?? "", previousTemplate }];
  });
}
