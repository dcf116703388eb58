// The templates that are being made: how far, how fast, and how long yet.
import { bytes } from "./bytes.ts";
import type { TemplateStatus } from "./read-policy.ts";
import { type Block, text } from "./text/screen.ts";
import { good } from "./text/span.ts";

const barWidth = 24;

/** `terminal`: with a bar, which says nothing in a file. */
export function importLines(templates: readonly TemplateStatus[], terminal: boolean): Block[] {
  const making = templates.filter(({ state }) => state === "Importing" || state === "Cloning");
  return making.map(({ state, server, path, ...progress }) => {
    const what = `${state === "Cloning" ? "Cloning" : "Importing"} ${nameOf(path)} at ${server}`;
    const share = shareOf(progress);
    if (share === null) return text(`${what}: under way`, 2);
    const bar = terminal ? ["[", good("#".repeat(Math.round(share * barWidth)).padEnd(barWidth, ".")), "] "] : [];
    return text([`${what}: `, ...bar, `${Math.floor(share * 100)} %${flow(progress)}`], 2);
  });
}

type Progress = Pick<TemplateStatus, "bytesDone" | "bytesTotal" | "bytesPerSecond">;

function shareOf({ bytesDone, bytesTotal }: Progress): number | null {
  if (bytesDone === undefined || bytesTotal === undefined || bytesTotal <= 0) return null;
  return Math.min(1, Math.max(0, bytesDone / bytesTotal));
}

function flow({ bytesDone = 0, bytesTotal = 0, bytesPerSecond = 0 }: Progress): string {
  const of = `, ${bytes(bytesDone)} of ${bytes(bytesTotal)}`;
  if (bytesPerSecond <= 0) return of;
  const seconds = Math.ceil(Math.max(0, bytesTotal - bytesDone) / bytesPerSecond);
  const left = seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
  return `${of}, ${bytes(bytesPerSecond)}/s, ${left} left`;
}

/** Of an inventory path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
