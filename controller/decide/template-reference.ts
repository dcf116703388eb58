// The references to templates: every name by which something in the cluster may still ask for a template.
import { machineSetAnnotations } from "../../common/annotations.ts";
import { isLinkedClone } from "./linked-clone.ts";
import type { VSphereProvider } from "./machine-set.ts";

export interface TemplateReference {
  /** Name or inventory path, verbatim; never empty. */
  template: string;
  /** Who names it, for people: `MachineSet/worker-a`. */
  by: string;
}

/** What may name a template; all of the cluster. `provider` is null for another platform's. */
export interface Referrers {
  machineSets: readonly {
    name: string;
    annotations: Readonly<Record<string, string>>;
    provider: Pick<VSphereProvider, "template"> | null;
  }[];
  controlPlaneMachineSets: readonly { name: string; provider: Pick<VSphereProvider, "template"> | null }[];
  /** Of Infrastructure/cluster, `topology.template`: the control plane's machines are cloned from it. */
  failureDomains: readonly { name: string; template?: string | undefined }[];
  machines: readonly {
    name: string;
    phase?: string | undefined;
    provider: Pick<VSphereProvider, "template" | "cloneMode"> | null;
  }[];
}

/**
 * A Machine names its template for as long as it may yet be cloned from it, that is until it is Running; a linked clone
 * for as long as it lives, since its disk stands on the template's.
 */
export function templateReferences(referrers: Referrers): TemplateReference[] {
  const { machineSets, controlPlaneMachineSets, failureDomains, machines } = referrers;
  const all: { template: string | undefined; by: string }[] = [
    ...machineSets.flatMap(({ name, annotations, provider }) => [
      { template: provider?.template, by: `MachineSet/${name}` },
      { template: annotations[machineSetAnnotations.previousTemplate], by: `MachineSet/${name} (previous template)` },
    ]),
    ...controlPlaneMachineSets.map(({ name, provider }) => ({
      template: provider?.template,
      by: `ControlPlaneMachineSet/${name}`,
    })),
    ...failureDomains.map(({ name, template }) => ({
      template,
      by: `Infrastructure/cluster (failure domain ${name})`,
    })),
    ...machines
      .filter(({ phase, provider }) => phase !== "Running" || (provider !== null && isLinkedClone(provider)))
      .map(({ name, provider }) => ({ template: provider?.template, by: `Machine/${name}` })),
  ];
  return all.flatMap(({ template, by }) => (template === undefined || template === "" ? [] : [{ template, by }]));
}

/**
 * Whether the reference may mean a template of the name, in whatever folder, datacenter or vCenter: one vCenter may have two
 * names, a path several spellings, and our names differ by place and release. What is no plain name (the Machine API's
 * look-up takes patterns of Go's path.Match) may mean any.
 */
export function mayMean({ template }: TemplateReference, name: string): boolean {
  const last = template.split("/").findLast((part) => part !== "");
  return last === undefined || last === name || /[*?[\\]|^\.+$/.test(last);
}
