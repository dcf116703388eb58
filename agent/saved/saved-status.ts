// The saved status: a text that somebody saved of `rpm-ostree status` on one or more nodes, read into one record per node.
import { failureOf } from "../../common/failure.ts";
import { oneLine } from "../../common/one-line.ts";
import type { Reason } from "../../common/reasons.ts";
import { failureIn } from "../host/failure-class.ts";
import { bootedOf, HostError, type Status } from "../host/status.ts";
import { isBootc, readBootcStatus } from "../host/status-bootc.ts";
import { readStatusJson } from "../host/status-json.ts";
import { parseStatusText } from "../host/status-text.ts";
import { jsonIn } from "./embedded-json.ts";
import { linesOf } from "./line.ts";
import { type Section, sectionsOf } from "./sections.ts";
import { speechesOf } from "./speakers.ts";
import { unwrapped } from "./unwrap.ts";

/** The keys are printed in this order. `node` is null where the text names none. */
export type SavedNode =
  | ({ node: string | null } & Pick<Status, "state" | "transaction" | "deployments" | "warnings">)
  | { node: string | null; error: { reason: Reason; message: string } };

/** Whatever the text is: at least one record, and no exception. */
export function readSaved(text: string): SavedNode[] {
  const sections = speechesOf(linesOf(text)).flatMap(({ node, lines }) => sectionsOf(lines, node));
  const told = sections.filter(({ node, kind }) => node !== null || kind !== null);
  return (told.length > 0 ? told : sections.slice(0, 1)).map(recordOf);
}

function recordOf(section: Section): SavedNode {
  const { node } = section;
  try {
    const { state, transaction, deployments, warnings } = statusOf(section);
    if (deployments.length === 0) throw new HostError("NoBootedDeployment", "The status names no deployment.");
    // Of a live system, say: what it has is told all the same.
    const odd = bootedOf(deployments) === null ? ["no deployment is marked as booted"] : [];
    const told = [...odd, ...warnings].map((warning) => oneLine(warning));
    return { node, state, transaction, deployments, warnings: told };
  } catch (error) {
    const { reason, message } = failureOf(error);
    return { node, error: { reason, message: oneLine(message) } };
  }
}

function statusOf({ kind, lines }: Section): Omit<Status, "modifications"> {
  if (kind === "json") {
    const value = jsonIn(lines);
    return isBootc(value) ? readBootcStatus(value) : readStatusJson(value);
  }
  const texts = unwrapped(lines.map(({ text }) => text));
  try {
    return parseStatusText(texts, lines.at(-1)?.cut !== true);
  } catch (error) {
    // rpm-ostree may have failed in place of a status, or behind its first line.
    const failure = failureIn(texts);
    if (failure !== null) throw new HostError(failure.reason, failure.message);
    throw kind === null ? new HostError("UnreadableOutput", "There is no status of rpm-ostree here.") : error;
  }
}
