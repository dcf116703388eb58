// The input of a plan: MachineSets of the fixtures that are behind, to be altered by a test.
import { decided } from "../../../controller/decide/decision.ts";
import type { MachineSetFacts } from "../../../controller/decide/machine-set.ts";
import type { MachineSetInput, TemplateNow } from "../../../controller/decide/machine-set-state.ts";
import type { Manager } from "../../../controller/decide/manager.ts";
import { placeOf } from "../../../controller/decide/place.ts";
import type { PlanInput } from "../../../controller/decide/plan.ts";
import type { Step, TemplateFacts } from "../../../controller/decide/steps.ts";
import { imageOf } from "./boot-images.ts";
import { failureDomains, machineSetFacts } from "./facts.ts";

export const release = "9.6.20261028-0";
export const image = imageOf(release);
export const old = "9.4.20250101-0";
export const domains = failureDomains("infrastructure");
export const a = machineSetFacts("fd-east-a");
export const b = machineSetFacts("fd-east-b-trailing-slash");
export const c = machineSetFacts("custom-template-linkedclone");
export const nameA = `lab-7x2kq-rhcos-fd-east-a-${release}`;
export const nameB = `lab-7x2kq-rhcos-fd-east-b-${release}`;
export const folder = "/dc-east/vm/lab-7x2kq";
const enrolled: Manager = { managedBy: "Bootwarden", reason: "Enrolled", message: "." };

export function one(facts: MachineSetFacts, now: Partial<TemplateNow> = {}): MachineSetInput {
  const template = facts.provider?.template ?? "";
  return {
    facts,
    manager: enrolled,
    target: decided(image),
    allowDowngrade: false,
    place: placeOf(facts.provider?.workspace ?? null, facts.provider?.networkName ?? "", domains),
    templateNow: decided({ exists: true, release: old, path: `${folder}/${template}`, ours: false, ...now }),
    prestaged: null,
    userData: decided("3.2.0"),
    writtenBy: "kubectl",
  };
}

export function input(over: Partial<PlanInput> = {}): PlanInput {
  return {
    mode: "Manage",
    infrastructureName: "lab-7x2kq",
    machineSets: [one(a), one(b)],
    templates: [],
    taken: [],
    unreadable: new Map(),
    failures: new Map(),
    contests: new Map(),
    halted: null,
    revertPause: 60_000,
    now: Date.parse("2026-11-20T10:00:00Z"),
    ...over,
  };
}

export function template(facts: MachineSetFacts, name: string, over: Partial<TemplateFacts> = {}): TemplateFacts {
  const { place } = one(facts);
  const at = place.ok ? place.value : { server: "", key: "" };
  return { server: at.server, place: at.key, image, name, path: `${folder}/${name}`, release, ours: true, ...over };
}

export function told(step: Step): string {
  if (step.kind === "Import") return `Import ${step.name} to ${step.place.label}`;
  if (step.kind === "Clone") return `Clone ${step.from.path} to ${step.name} in ${step.place.label}`;
  return `Move ${step.machineSet} from ${step.was} to ${step.name}`;
}
