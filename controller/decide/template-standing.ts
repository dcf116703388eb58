// The template standings: how the template that each MachineSet names now stands, whoever manages the MachineSet.
import type { Reason } from "../../common/reasons.ts";
import { type MachineSetInput, templateStanding } from "./machine-set-state.ts";
import type { Manager } from "./manager.ts";

export interface TemplateStanding {
  machineSet: string;
  managedBy: Manager["managedBy"];
  /** Of the template; null when it is not known. */
  release: string | null;
  /** What the MachineSet is to have; null while that is not known. */
  target: string | null;
  /** Whether its new Machines boot from the target's release or a newer one; null where that is not known, or nobody's business. */
  isUpToDate: boolean | null;
  /** How it stands against what the MachineSet is to have, or why it is not held against it. */
  reason: Reason;
}

/**
 * Of every MachineSet with a vSphere provider. That its template is gone is told whoever manages it, and in every state: its next Machine
 * ends Failed. That it is behind is told where bootwarden or the Machine Config Operator manages it, and nowhere else.
 */
export function templateStandings(machineSets: readonly MachineSetInput[]): TemplateStanding[] {
  return machineSets.flatMap((input) => {
    const { facts, manager, target, templateNow } = input;
    if (facts.provider === null) return [];
    const reason = reasonOf(input);
    return [
      {
        machineSet: facts.name,
        managedBy: manager.managedBy,
        release: templateNow.ok ? templateNow.value.release : null,
        target: target.ok ? target.value.release : null,
        isUpToDate: standings.get(reason) ?? null,
        reason,
      },
    ];
  });
}

const standings: ReadonlyMap<Reason, boolean> = new Map([
  ["OnTarget", true],
  ["NewerThanTarget", true],
  ["Behind", false],
  ["ContentReplaced", false],
  ["TemplateMissing", false],
  ["TemplateAmbiguous", false],
]);

function reasonOf({ facts, manager, target, allowDowngrade, templateNow }: MachineSetInput): Reason {
  if (!templateNow.ok) return templateNow.reason;
  const wanted = { release: target.ok ? target.value.release : "", allowDowngrade };
  const { reason } = templateStanding(facts.provider?.template ?? "", templateNow.value, wanted);
  if (reason === "TemplateMissing" || reason === "TemplateAmbiguous") return reason;
  if (manager.managedBy === "Nobody") return manager.reason;
  return target.ok ? reason : target.reason;
}
