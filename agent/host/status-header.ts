// The header of the text status: whether rpm-ostree is busy, with what, and what it warns of.
import { oneLine } from "../../common/one-line.ts";
import { failedFinalization } from "./remarks.ts";
import type { Status } from "./status.ts";

/** `State: idle`, and `State: transaction: <title>` before v2018.2; up to v2018.5 with `; auto updates …` behind it. */
export const stateLine = /^\s*State: (?:(idle|busy)\b|transaction: *(.*))/;

export function readHeader(lines: string[]): Pick<Status, "state" | "transaction" | "warnings"> {
  const [state, old] = (lines.map((line) => stateLine.exec(line)).find((match) => match !== null) ?? []).slice(1);
  const title = old ?? headerValue(lines, "Transaction");
  return {
    state: old !== undefined ? "busy" : state === "idle" || state === "busy" ? state : null,
    transaction: title === null ? null : { title, client: headerValue(lines, "Initiator") },
    warnings: lostUpdate(lines),
  };
}

function headerValue(lines: string[], key: string): string | null {
  const start = new RegExp(`^\\s*${key}: +(?=\\S)`);
  const line = lines.find((candidate) => start.test(candidate));
  return line?.replace(start, "").trim() ?? null;
}

/** A warning of two or three lines since v2018.9: its title, perhaps the cause, and where to read on, indented both. */
function lostUpdate(lines: string[]): string[] {
  const title = failedFinalization;
  const at = lines.findIndex((line) => line.trimStart().toLowerCase().startsWith(`warning: ${title}`));
  if (at < 0) return [];
  const near = lines.slice(at + 1, at + 5);
  const end = near.findIndex((line) => /^\s*check \W?journalctl/.test(line));
  const between = near.slice(0, Math.max(end, 0));
  const cause = between.find((line) => /^\s+|^error:/.test(line)) ?? between[0];
  return [oneLine(cause === undefined ? title : `${title}: ${cause.trim()}`)];
}
