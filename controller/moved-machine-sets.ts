// The MachineSets that were moved to a template of some release, one of ours or one that an admin made, each with its way back.
import { machineSetAnnotations } from "../common/annotations.ts";
import type { MovedMachineSet } from "./decide/brake.ts";
import type { MachineSetInput } from "./decide/machine-set-state.ts";

export function movedMachineSets(
  machineSets: readonly MachineSetInput[],
  releases: ReadonlySet<string>,
): MovedMachineSet[] {
  return machineSets.flatMap((machineSet) => {
    const { facts, templateNow } = machineSet;
    const previousTemplate = facts.annotations[machineSetAnnotations.previousTemplate];
    if (previousTemplate === undefined || !templateNow.ok || !isOfTheRollout(machineSet)) return [];
    if (templateNow.value.release === null || !releases.has(templateNow.value.release)) return [];
    return [{ machineSet: facts.name, template: facts.provider?.template ?? "", previousTemplate }];
  });
}

function isOfTheRollout({ templateNow, prestaged }: MachineSetInput): boolean {
  if (!templateNow.ok) return false;
  const { ours, path } = templateNow.value;
  return ours || (prestaged?.ok === true && prestaged.value.path === path);
}
