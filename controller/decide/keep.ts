// What a new template keeps of those that MachineSets have at present, and what it cannot keep.
import { snapshotNames } from "./linked-clone.ts";
import { linkedDiskBytes, mostDiskBytes, type PresentDisk } from "./linked-disk.ts";
import type { VSphereProvider } from "./machine-set.ts";

/** How a disk is laid out, from the least to the most that the datastore gives for it at once. */
const provisionings = ["thin", "thick", "eagerZeroedThick"] as const;
type DiskProvisioning = (typeof provisionings)[number];

/** What is known of a present template. */
export interface PresentTemplate extends PresentDisk {
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
  providers: readonly Pick<VSphereProvider, "template" | "cloneMode" | "snapshot" | "tagIDs" | "diskGiB">[];
  /** Their present templates, as far as they can be read. */
  present: readonly PresentTemplate[];
}

export interface Kept {
  /** Left out: the datastore's policy decides. */
  diskProvisioning: DiskProvisioning | undefined;
  /** The bytes that the disk is to have at least. */
  diskBytes: number | null;
  /** The bytes that the disk may have at most. */
  mostDiskBytes: number | null;
  /** The hardware version to have at least. */
  hardware: number | null;
  /** vCenter tags of the provider specs. */
  tagIDs: string[];
  /** Names of the snapshots to be made, one after the other; the last one is the current. */
  snapshots: string[];
  /** For people. */
  notKept: { template: string; what: string[] }[];
}

/** Where present templates differ, the higher hardware version and the disk that asks for more win: both serve either. */
export function keep({ template, providers, present }: KeepInput): Kept {
  const snapshots = template.snapshot === "Never" ? [] : snapshotNames(providers);
  return {
    diskProvisioning: chosen[template.diskProvisioning] ?? mostDemanding(present),
    diskBytes: snapshots.length === 0 ? null : linkedDiskBytes(providers, present),
    mostDiskBytes: mostDiskBytes(providers),
    hardware: Math.max(0, ...present.map(({ hardware }) => hardware ?? 0)) || null,
    tagIDs: [...new Set(providers.flatMap(({ tagIDs }) => tagIDs ?? []))].toSorted(),
    snapshots,
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

function lossOf({ template, encrypted, customAttributes, permissions }: PresentTemplate): Kept["notKept"][number] {
  const what = [
    ...(encrypted ? ["its encryption"] : []),
    ...(customAttributes.length > 0 ? [`the custom attributes ${customAttributes.join(", ")}`] : []),
    ...(permissions.length > 0 ? [`the permissions of ${permissions.join(", ")}`] : []),
  ];
  return { template, what };
}
