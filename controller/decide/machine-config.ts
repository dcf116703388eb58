// The Machine Config Operator's annotations on a Node: what it is at and what it is meant to become.

const prefix = "machineconfiguration.openshift.io/";
const names = ["currentConfig", "desiredConfig", "state", "reason", "currentImage", "desiredImage"] as const;

/** The keys of the annotations. */
export const machineConfigKeys: readonly string[] = names.map((name) => prefix + name);

export interface MachineConfigAnnotations {
  currentConfig: string;
  desiredConfig: string;
  /** Done, Working, Degraded or Unreconcilable. */
  state: string;
  reason: string;
  /** Only on nodes of layered pools. */
  currentImage: string;
  desiredImage: string;
}

/** Empty strings where an annotation is missing. */
export function machineConfigAnnotations(annotations: Readonly<Record<string, string>>): MachineConfigAnnotations {
  const read = (name: (typeof names)[number]) => annotations[prefix + name] ?? "";
  return {
    currentConfig: read("currentConfig"),
    desiredConfig: read("desiredConfig"),
    state: read("state"),
    reason: read("reason"),
    currentImage: read("currentImage"),
    desiredImage: read("desiredImage"),
  };
}
