// The size of a template's disk where linked clones have just that size.
import { type Cloning, hasSnapshotFor, isLinkedClone, type Snapshots } from "./linked-clone.ts";

const gibibyte = 2 ** 30;

export interface DiskUser extends Cloning {
  /** Name or inventory path of its present template. */
  template: string;
  diskGiB?: number | undefined;
}

export interface PresentDisk {
  /** As the provider spec names the template. */
  template: string;
  diskBytes: number | null;
  snapshots: Snapshots;
}

/**
 * The bytes that the new template's disk should have at least, so that linked clones have what they have now: the present template's
 * disk, or `diskGiB` where that template has no snapshot and the Machine API makes full clones of it. Null without linked clones.
 * Never more than the smallest `diskGiB` of full clones: the Machine API refuses to shrink a disk, and their Machines would fail.
 */
export function linkedDiskBytes(users: readonly DiskUser[], present: readonly PresentDisk[]): number | null {
  const wanted = users.filter(isLinkedClone).map((user) => sizeNow(user, present));
  return Math.min(Math.max(0, ...wanted), mostDiskBytes(users) ?? Number.MAX_SAFE_INTEGER) || null;
}

/** The bytes that the template's disk may have at most: the smallest `diskGiB` of full clones; null where none has one. */
export function mostDiskBytes(users: readonly DiskUser[]): number | null {
  const sizes = users.filter((user) => !isLinkedClone(user)).map(({ diskGiB = 0 }) => diskGiB * gibibyte);
  const smallest = Math.min(...sizes.filter((bytes) => bytes > 0));
  return Number.isFinite(smallest) ? smallest : null;
}

function sizeNow(user: DiskUser, present: readonly PresentDisk[]): number {
  const now = present.find(({ template }) => template === user.template);
  const linked = now !== undefined && hasSnapshotFor(now.snapshots, user);
  return (linked ? now.diskBytes : null) ?? (user.diskGiB ?? 0) * gibibyte;
}
