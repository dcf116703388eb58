// What a new template keeps of those that MachineSets have at present, and what it cannot keep.
import type { VSphereProvider } from "./machine-set.ts";

/** How a disk is laid out, from the least to the most that the datastore gives for it at once. */
const provisionings = ["thin", "thick", "eagerZeroedThick"] as const;
type DiskProvisioning = (typeof provisionings)[number];

/** What is known of a present template. */
export interface PresentTemplate {
  /** As the MachineSet names it. */
  template: string;
  diskProvisioning: DiskProvisioning | null;
  /** 21 of `vmx-21`. */
  hardware: number | null;
  encrypted: boolean;
  customAttributes: readonly string[];
  /** Who has permissions on the template itself. */
  permissions: readonly string[];
}

export interface KeepInput {
  /** The policy's `template`. */
  template: {
    diskProvisioning: "Auto" | "Thin" | "Thick" | "EagerZeroedThick";
    snapshot: "Auto" | "Never";
  };
  /** Provider specs of the MachineSets that the new template is for. */
  providers: readonly Pick<VSphereProvider, "cloneMode" | "snapshot" | "tagIDs">[];
  /** Their present templates, as far as there are any. */
  present: readonly PresentTemplate[];
}

export interface Kept {
  /** Left out: the datastore's policy decides. */
  diskProvisioning: DiskProvisioning | undefined;
  /** The hardware version to have at least. */
  hardware: number | null;
  /** vCenter tags of the provider specs. */
  tagIDs: string[];
  /** Names of the snapshots to be made, one after the other; the last one is the current. */
  snapshots: string[];
  /** For people. */
  notKept: { template: string; what: string[] }[];
}

/** The name of a snapshot that the provider spec leaves unnamed. */
const ownSnapshot = "bootwarden";

/** Where present templates differ, the higher hardware version and the disk that asks for more win: both serve either. */
export function keep({ template, providers, present }: KeepInput): Kept {
  return {
    diskProvisioning: chosen[template.diskProvisioning] ?? mostDemanding(present),
    hardware: present.reduce<number | null>((most, { hardware }) => higher(most, hardware), null),
    tagIDs: unique(providers.flatMap(({ tagIDs }) => tagIDs ?? [])),
    snapshots: template.snapshot === "Never" ? [] : snapshotNames(providers),
    notKept: present.map(lossOf).filter(({ what }) => what.length > 0),
  };
}

const chosen: Record<string, DiskProvisioning | undefined> = {
  Thin: "thin",
  Thick: "thick",
  EagerZeroedThick: "eagerZeroedThick",
};

function mostDemanding(present: readonly PresentTemplate[]): DiskProvisioning | undefined {
  return provisionings.findLast((one) => present.some(({ diskProvisioning }) => diskProvisioning === one));
}

function higher(one: number | null, other: number | null): number | null {
  return Math.max(one ?? 0, other ?? 0) || null;
}

/** Any named one is the current one as well: so an unnamed one is made only where there is no other. */
function snapshotNames(providers: KeepInput["providers"]): string[] {
  const wanted = providers.filter(isLinkedClone).map(({ snapshot }) => snapshot ?? "");
  const named = unique(wanted.filter((name) => name !== ""));
  return wanted.length > 0 && named.length === 0 ? [ownSnapshot] : named;
}

/** Whether its machines share the disk of a snapshot of the template. */
export function isLinkedClone({ cloneMode }: Pick<VSphereProvider, "cloneMode">): boolean {
  return cloneMode === "linkedClone";
}

function lossOf({ template, encrypted, customAttributes, permissions }: PresentTemplate): Kept["notKept"][number] {
  const what = [
    ...(encrypted ? ["its encryption"] : []),
    ...(customAttributes.length > 0 ? [`the custom attributes ${customAttributes.join(", ")}`] : []),
    ...(permissions.length > 0 ? [`the permissions of ${permissions.join(", ")}`] : []),
  ];
  return { template, what };
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].toSorted();
}
