// The report text: a report as compact JSON that always fits its annotation.
import { reportLimit } from "../common/annotations.ts";
import { oneLine } from "../common/one-line.ts";
import type { Deployment, Report } from "../common/report.ts";

/**
 * At most `reportLimit` bytes, and the same text for the same report. What does not fit is left out in this order: warnings, the rollback
 * deployment, the end of the error message, over-long strings. A string is never cut where a cut would make it another value.
 */
export function reportText(report: Report): string {
  let fitted = report;
  for (const shorten of steps) {
    const text = json(fitted);
    if (Buffer.byteLength(text) <= reportLimit) return text;
    fitted = shorten(fitted, report);
  }
  return json(fitted);
}

/** Nothing in it is invisible: the admission policy takes no such characters, and people read annotations in a terminal. */
function json(report: Report): string {
  return JSON.stringify(report).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escaped);
}

function escaped(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

const steps: ((report: Report, whole: Report) => Report)[] = [
  (report) => ({ ...report, warnings: fewWarnings(report.warnings, 8) }),
  (report, whole) => ({ ...report, warnings: fewWarnings(whole.warnings, 1) }),
  (report) => ({ ...report, rollback: null }),
  (report) => ({ ...report, error: report.error && { ...report.error, message: oneLine(report.error.message, 160) } }),
  (report) => withStrings(report, 512),
  (report) => withStrings(report, 128),
  withoutDeployments,
];

function fewWarnings(warnings: string[], most: number): string[] {
  const few = warnings.slice(0, most).map((warning) => oneLine(warning, 120));
  return warnings.length > most ? [...few.slice(0, most - 1), `${warnings.length - most + 1} more warnings`] : few;
}

function withStrings(report: Report, limit: number): Report {
  const short = (text: string | null) => (text !== null && text.length > limit ? null : text);
  const shorter = (deployment: Deployment): Deployment => ({
    ...deployment,
    image: short(deployment.image),
    version: short(deployment.version),
    checksum: short(deployment.checksum),
    baseChecksum: short(deployment.baseChecksum),
    unlocked: short(deployment.unlocked) ?? "unknown",
    liveReplaced: short(deployment.liveReplaced),
  });
  return {
    ...report,
    booted: report.booted && shorter(report.booted),
    staged: report.staged && shorter(report.staged),
  };
}

/** Only a host that lies comes to this: what it says is not passed on, that it said it is. */
function withoutDeployments(report: Report): Report {
  const message = "What the host says of its deployments does not fit into the report.";
  return {
    ...report,
    bootID: report.bootID.slice(0, 36),
    booted: null,
    staged: null,
    rollback: null,
    bootImage: null,
    warnings: [],
    error: { reason: "UnreadableOutput", message },
  };
}
