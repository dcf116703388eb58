// The age of things, in words: how long ago, and how old a boot image is by the date in its release.
import { releaseDate } from "../controller/decide/release.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** As kubectl says it: "45s", "12m", "5h", "3d"; "-" where the time cannot be read. */
export function age(since: string | null, now: number): string {
  const passed = since === null ? Number.NaN : now - Date.parse(since);
  if (Number.isNaN(passed)) return "-";
  if (passed < 2 * minute) return `${Math.max(0, Math.floor(passed / 1000))}s`;
  if (passed < 2 * hour) return `${Math.floor(passed / minute)}m`;
  if (passed < 2 * day) return `${Math.floor(passed / hour)}h`;
  return `${Math.floor(passed / day)}d`;
}

/** Whole days since the image was built; null where the release does not say when. */
export function imageDays(release: string | null | undefined, now: number): number | null {
  const date = release == null ? null : releaseDate(release);
  return date === null ? null : Math.max(0, Math.floor((now - date.getTime()) / day));
}

/** "1 day", "12 days"; "-" for null. */
export function days(count: number | null): string {
  if (count === null) return "-";
  return count === 1 ? "1 day" : `${count} days`;
}
