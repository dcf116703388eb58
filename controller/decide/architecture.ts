// The architecture of a MachineSet's machines, read as the Machine Config Operator reads it.
import { type Decision, decided, refused } from "./decision.ts";

/** As stream metadata names them. */
export type Architecture = "x86_64" | "aarch64" | "ppc64le" | "s390x";

const capacityLabels = "capacity.cluster-autoscaler.kubernetes.io/labels";

const byKubernetesName: ReadonlyMap<string, Architecture> = new Map([
  ["amd64", "x86_64"],
  ["arm64", "aarch64"],
  ["ppc64le", "ppc64le"],
  ["s390x", "s390x"],
]);

/**
 * From the `kubernetes.io/arch` of the autoscaler's capacity annotation (a comma-separated list). Without the annotation
 * a cluster of one architecture is x86_64: RHCOS has vSphere images for no other. `ArchitectureUnknown` without the
 * annotation in a cluster of several, and where the annotation names none or one that is not known.
 */
export function architectureOf(
  annotations: Readonly<Record<string, string>>,
  multiArch: boolean,
): Decision<Architecture> {
  const annotation = annotations[capacityLabels];
  if (annotation === undefined) {
    if (!multiArch) return decided("x86_64");
    return refused(
      "ArchitectureUnknown",
      `The cluster has several architectures: add the annotation ${capacityLabels}, e.g. kubernetes.io/arch=amd64.`,
    );
  }
  const key = "kubernetes.io/arch=";
  const label = annotation
    .split(",")
    .map((part) => part.trim())
    .find((part) => part.startsWith(key));
  const architecture = byKubernetesName.get(label?.slice(key.length) ?? "");
  if (architecture !== undefined) return decided(architecture);
  const found = label === undefined ? "no kubernetes.io/arch" : `${label.slice(0, 80)}`;
  return refused(
    "ArchitectureUnknown",
    `The annotation ${capacityLabels} holds ${found}: name amd64, arm64, ppc64le or s390x.`,
  );
}
