// The header of the text status: whether rpm-ostree is busy, with what, and what it warns of.
import { oneLine } from "../../common/one-line.ts";
import type { Status } from "./status.ts";

/** `State: idle`, and `State: transaction: <title>` before v2018.2; up to v2018.5 with `; auto updates …` behind it. */
export const stateLine = /^\s*State: (?:(idle|busy)\b|transaction: *(.*))/;

export function readHeader(lines: string[]): Pick<Status, "state" | "transaction" | "warnings"> {
  const [state, old] = (lines.map((line) => stateLine.exec(line)).find((match) => match !== null) ?? []).slice(1);
  const title = old ?? headerValue(lines, "Transaction");
  return {
    state: old !== undefined ? "busy" : state === "idle" || state === "busy" ? state : null,
    transaction: title === null ? null : { title, client: headerValue(lines, "Initiator") },
    warnings: failedFinalization(lines),
  };
}

function headerValue(lines: string[], key: string): string | null {
  const start = new RegExp(`^\\s*${key}: +(?=\\S)`);
  const line = lines.find((candidate) => start.test(candidate));
  return line?.replace(start, "").trim() ?? null;
}

/** A warning of one to three lines since v2018.9: its title, perhaps the cause, and where to read on. */
function failedFinalization(lines: string[]): string[] {
  const at = lines.findIndex((line) => /^\s*warning: failed to finalize previous deployment/i.test(line));
  if (at < 0) return [];
  const cause = lines[at + 1]?.trim() ?? "";
  const isCause = cause !== "" && !/^check `|^[A-Z][A-Za-z]+: /.test(cause) && !/^(?:Booted)?Deployments?:/.test(cause);
  return [oneLine(`failed to finalize previous deployment${isCause ? `: ${cause}` : ""}`)];
}
