// The control plane's boot image: what the ControlPlaneMachineSet names, told and never written.
import type { Decision } from "./decision.ts";
import { type TemplateNow, templateStanding } from "./machine-set-state.ts";

export interface ControlPlaneInput {
  name: string;
  /** Verbatim; "" where the failure domains of Infrastructure/cluster decide. */
  template: string;
  /** null where it does not say in which vCenter. */
  templateNow: Decision<TemplateNow> | null;
  /** The release of the target; null while there is none. */
  target: string | null;
}

/** The policy's `status.controlPlane`. */
export interface ControlPlane {
  name: string;
  template: string;
  release: string | null;
  message: string;
}

const never = "bootwarden reports the ControlPlaneMachineSet and never writes it.";

/** The installer leaves `template` empty where there are failure domains: the operator then takes theirs. */
export function controlPlane({ name, template, templateNow, target }: ControlPlaneInput): ControlPlane {
  const as = (release: string | null, message: string) => ({ name, template, release, message: `${message} ${never}` });
  if (template === "") return as(null, "It names no template: the failure domains of Infrastructure cluster decide.");
  if (templateNow === null) return as(null, "Its workspace does not say where its template is.");
  if (!templateNow.ok) return as(null, templateNow.message);
  const { release } = templateNow.value;
  if (target === null)
    return as(release, release === null ? "Its release is not known." : `Its release is ${release}.`);
  return as(release, templateStanding(template, templateNow.value, { release: target, allowDowngrade: false }).message);
}
