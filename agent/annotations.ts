// The annotations: a report as the six keys of the agent, and what of them has to be written.
import { agentAnnotations, valueLimit } from "../common/annotations.ts";
import type { Deployment, Report } from "../common/report.ts";
import { reportText } from "./report-text.ts";

/** The agent's own keys; null means that the key is to be absent. */
export type Annotations = Record<string, string | null>;

/** What the agent's Node should carry. A value that is too long is left out, not cut: half a digest or image is another one. */
export function annotationsOf(report: Report): Annotations {
  return {
    [agentAnnotations.bootedDigest]: digest(report.booted),
    [agentAnnotations.bootedImage]: value(report.booted?.image),
    [agentAnnotations.bootedVersion]: value(report.booted?.version),
    [agentAnnotations.stagedDigest]: digest(report.staged),
    [agentAnnotations.bootImage]: value(report.bootImage?.release),
    [agentAnnotations.report]: reportText(report),
  };
}

function digest(deployment: Deployment | null): string | null {
  const said = deployment?.digest ?? "";
  return /^sha256:[0-9a-f]{64}$/.test(said) ? said : null;
}

/** Half a surrogate pair becomes U+FFFD, as in the API server (or the two would differ for ever), and so does what cannot be seen or is obeyed by a terminal. */
function value(text: string | null | undefined): string | null {
  const written = (text ?? "").toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\ufffd");
  return written !== "" && Buffer.byteLength(written) <= valueLimit ? written : null;
}

/**
 * The keys that differ, as the `annotations` of a JSON merge patch (null removes a key); null when nothing does. A difference in the report's
 * `state` alone is one only `withState`: rpm-ostree is busy for a moment with whatever it does, and each time would be two writes.
 */
export function changes(current: Record<string, string>, wanted: Annotations, withState = true): Annotations | null {
  const differing = Object.entries(wanted).filter(([key, value]) => (current[key] ?? null) !== value);
  const { report } = agentAnnotations;
  const isState = differing.every(([key, value]) => key === report && stateless(current[key]) === stateless(value));
  return differing.length === 0 || (isState && !withState) ? null : Object.fromEntries(differing);
}

/** Inside a string the quotes would be escaped. */
function stateless(reportText: string | null | undefined): string | undefined {
  return reportText?.replace(/"state":(?:"idle"|"busy"|null)/, '"state":null');
}
