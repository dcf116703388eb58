// The way back of a MachineSet: to which template, and why not.
import { Failure } from "../common/failure.ts";
import { isNamedBy } from "../controller/decide/named-template.ts";
import { releaseInName, templatePrefix } from "../controller/decide/names.ts";
import { nameOf } from "./import-lines.ts";
import type { MachineSetFacts } from "./read-machines.ts";
import { conditionAt, type PolicyStatus } from "./read-policy.ts";

/** NoPreviousTemplate or PreviousTemplateGone: nothing was changed. */
export class RollbackError extends Failure {}

export interface WayBack {
  machineSet: string;
  /** What it names now; null: nothing. */
  from: string | null;
  to: string;
  /** The release of that; null where the policy's status does not know it. */
  release: string | null;
  /** Whether it has to be put on hold first. */
  hold: boolean;
}

/**
 * To the previous template of the MachineSet's annotation. `status`: null where it could not be read; then it is not known whether
 * that template is still there. Throws RollbackError.
 */
export function wayBack(machineSet: MachineSetFacts, status: PolicyStatus | null): WayBack {
  const { name, template, previousTemplate: to } = machineSet;
  if (to === null) {
    const message = `MachineSet ${name} has no previous template: bootwarden has not moved it. It names ${template ?? "none"}.`;
    throw new RollbackError("NoPreviousTemplate", message);
  }
  return wayTo(machineSet, to, status);
}

/** To that template. Throws RollbackError. */
export function wayTo(machineSet: MachineSetFacts, to: string, status: PolicyStatus | null): WayBack {
  const { name, template, workspace, held } = machineSet;
  const found = status?.templates.find((one) => isNamedBy({ template: to, workspace }, one));
  if (found?.state === "ContentReplaced") {
    const message = `MachineSet ${name} would go back to ${to}, which somebody replaced: it holds ${found.release ?? "another release"}.`;
    throw new RollbackError("PreviousTemplateGone", message);
  }
  if (found === undefined && status !== null && wasOurs(to, machineSet) && isListed(status)) {
    const message = `MachineSet ${name} would go back to ${to}, which is not in vCenter any more: its next Machine would fail.`;
    throw new RollbackError("PreviousTemplateGone", message);
  }
  return { machineSet: name, from: template, to, release: found?.release ?? releaseOf(to), hold: !held };
}

/** Templates of bootwarden's own are all in the status; of others nothing is known. */
function wasOurs(template: string, { infrastructureName }: MachineSetFacts): boolean {
  if (infrastructureName === null) return false;
  return nameOf(template).startsWith(templatePrefix(infrastructureName)) && releaseOf(template) !== null;
}

/** Whether the status lists what is there: a vCenter that does not answer has its templates left out. */
function isListed(status: PolicyStatus): boolean {
  return conditionAt(status, "VCentersReachable", "True") !== undefined;
}

function releaseOf(template: string): string | null {
  return releaseInName(nameOf(template));
}
