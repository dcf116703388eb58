// The report on a Node, read with suspicion: whoever is root on the node can write anything there.
import { reportLimit } from "../../common/annotations.ts";
import { Report } from "../../common/report.ts";
import { type Decision, decided, refused } from "./decision.ts";
import { isRelease } from "./release.ts";

/**
 * The report in the annotation's text; of the release only what can be one. `ReportInvalid` with the first mistake
 * when it is too long, no JSON, of another version of the schema, or none of ours.
 */
export function readReport(text: string): Decision<Report> {
  if (text.length > reportLimit || new TextEncoder().encode(text).length > reportLimit)
    return refused("ReportInvalid", `The report is longer than ${reportLimit} bytes.`);
  const json = parse(text);
  if (json === undefined) return refused("ReportInvalid", "The report is no JSON.");
  const report = Report.safeParse(json);
  if (!report.success)
    return refused("ReportInvalid", `The report is not of version 1: ${firstMistake(report.error)}.`);
  const bootImage = report.data.bootImage;
  // What cannot be a release is not known: that alone takes no verdict from a node.
  if (bootImage !== null && !isRelease(bootImage.release)) return decided({ ...report.data, bootImage: null });
  return decided(report.data);
}

/** undefined stands for text that is no JSON: JSON itself has no such value. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function firstMistake(error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] }): string {
  const issue = error.issues[0];
  if (issue === undefined) return "unknown mistake";
  return `${issue.path.map(String).join(".") || "the whole"}: ${issue.message}`.slice(0, 160);
}
