// The release of a boot image: RHCOS's two numbering schemes and their order.

/** What may stand in a template's name: RHCOS releases are 14 to 24 characters of these. */
const releasePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/;

/**
 * `OCP.RHEL.YYYYMMDDhhmm-n`, e.g. 416.94.202510081640-0 or, before OpenShift 4.10, 49.84.202110081407-0: up to OpenShift
 * 4.18 and early builds of 4.19.
 */
const legacy = /^(4\d{1,2})\.(\d{2,3})\.(\d{12})-(\d{1,6})$/;

/** `M.m.YYYYMMDD-n`, e.g. 9.6.20261028-0: numbered by RHEL, from OpenShift 4.19. */
const rhelBased = /^(\d{1,2})\.(\d{1,2})\.(\d{8})-(\d{1,6})$/;

/** Whether the text can be a release at all: short, and legal in a VM's name. */
export function isRelease(text: string): boolean {
  return releasePattern.test(text);
}

/**
 * -1 when `a` is the older one, 1 when it is the newer, 0 when equal; undefined where the schemes give no order.
 * Every legacy release is older than every RHEL-based one.
 */
export function compareReleases(a: string, b: string): -1 | 0 | 1 | undefined {
  if (a === b) return 0;
  const left = numbers(a);
  const right = numbers(b);
  if (left === undefined || right === undefined) return undefined;
  for (const [index, number] of left.entries()) {
    const other = right[index] ?? 0;
    if (number !== other) return number < other ? -1 : 1;
  }
  return 0;
}

/** The OS stream of a release, by its RHEL: rhel-9 for 9.8.20260428-0 and 416.94.202510081640-0; undefined for an unknown scheme. */
export function rhelStream(release: string): string | undefined {
  const major = rhelBased.exec(release)?.[1] ?? legacy.exec(release)?.[2]?.slice(0, -1);
  return major === undefined ? undefined : `rhel-${major}`;
}

/** The oldest of the releases whose scheme is known; null when there is none. */
export function oldestRelease(releases: Iterable<string>): string | null {
  let oldest: string | null = null;
  for (const release of releases) {
    if (numbers(release) === undefined) continue;
    if (oldest === null || compareReleases(release, oldest) === -1) oldest = release;
  }
  return oldest;
}

/** The day on which the release was built (UTC); null where its scheme is not known, or its digits are no date. */
export function releaseDate(release: string): Date | null {
  const [, digits] = /^\d{1,3}\.\d{1,3}\.(\d{8})(?:\d{4})?-\d{1,6}$/.exec(release) ?? [];
  if (digits === undefined || numbers(release) === undefined) return null;
  const day = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
  const date = new Date(day);
  return date.toString() !== "Invalid Date" && date.toISOString().startsWith(day) ? date : null;
}

/** The scheme's rank, then its numbers in order. */
function numbers(release: string): number[] | undefined {
  const old = legacy.exec(release);
  if (old) return [0, ...old.slice(1).map(Number)];
  const present = rhelBased.exec(release);
  return present ? [1, ...present.slice(1).map(Number)] : undefined;
}
