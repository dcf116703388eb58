// The linked clone: a machine whose disk is a delta over that of its template's snapshot.
import type { VSphereProvider } from "./machine-set.ts";

/** The snapshots of a template. */
export interface Snapshots {
  /** Whether one of them is the current one: the one that was made last, or gone back to. */
  hasCurrent: boolean;
  /** All. `path` is `parent/child`, of names. */
  tree: readonly { reference: { value: string }; name: string; path: string }[];
}

export type Cloning = Pick<VSphereProvider, "cloneMode" | "snapshot">;

/** The name of a snapshot that the provider spec leaves unnamed. */
const ownSnapshot = "bootwarden";

export function isLinkedClone({ cloneMode }: Pick<VSphereProvider, "cloneMode">): boolean {
  return cloneMode === "linkedClone";
}

/**
 * Whether the Machine API finds the snapshot: "" means the current one, else exactly one must have the name, the path or the
 * reference. If not it makes a full clone, and says so only in its log (machine-api-operator
 * `pkg/controller/vsphere/reconciler.go`, `clone`; govmomi `VirtualMachine.FindSnapshot`).
 */
export function hasSnapshotFor({ hasCurrent, tree }: Snapshots, { snapshot = "" }: Cloning): boolean {
  if (snapshot === "") return hasCurrent;
  const meant = tree.filter((one) => [one.name, one.path, one.reference.value].includes(snapshot));
  return meant.length === 1;
}

/**
 * The names of the snapshots that linked clones need. Any named one is the current one as well: so one for those that
 * name none is made only where there is no other.
 */
export function snapshotNames(clonings: readonly Cloning[]): string[] {
  const wanted = clonings.filter(isLinkedClone).map(({ snapshot }) => snapshot ?? "");
  const named = [...new Set(wanted.filter((name) => name !== ""))].toSorted();
  return wanted.length > 0 && named.length === 0 ? [ownSnapshot] : named;
}
