// The sections: a saved text taken apart into one piece per status, each with the node that it is of.

import { stateLine } from "../host/status-header.ts";
import { listLine } from "../host/status-text.ts";
import type { Line } from "./line.ts";
import { isSameNode, type Marker, markerIn } from "./markers.ts";

export interface Section {
  /** Null when the text names none. */
  node: string | null;
  /** Null when there is no status in it. */
  kind: "json" | "text" | null;
  /** The status begins with the first of these; without a status they are all of the section. */
  lines: Line[];
}

/** What a section is while it grows. */
interface Growing extends Section {
  by: Marker["by"] | null;
  /** The title of its list of deployments was seen. */
  listed: boolean;
}

/**
 * A marker begins a section, and so does a second status: it is of another node, whose name is not told. Without a status only the
 * sections of named nodes stay, for what went wrong there; a text without any is one section.
 */
export function sectionsOf(lines: Line[], node: string | null): Section[] {
  let current: Growing = { ...empty, node, lines: [] };
  const sections = [current];
  for (const [index, line] of lines.entries()) {
    const marker = markerIn(line.text, () => isFollowed(lines, index));
    const start = marker === null ? startOf(lines, index) : null;
    const next = marker !== null ? marked(current, marker) : start !== null ? started(current, start) : current;
    if (next !== current) sections.push(next);
    current = next;
    if (marker === null) current.lines.push(line);
  }
  const told = sections.filter((section) => section.kind !== null || section.node !== null);
  return told.length > 0 ? told : sections.slice(0, 1);
}

const empty: Pick<Growing, "kind" | "by" | "listed"> = { kind: null, by: null, listed: false };

/** The section behind a marker. The name that a heading gave stays when the pod of the same node starts. */
function marked(current: Growing, { node, by }: Marker): Growing {
  const isPending = current.kind === null && current.node !== null;
  const isSame = current.node !== null && isSameNode(current.node, node);
  if (!isPending || !(isSame || (current.by === "heading" && by === "pod"))) return { ...empty, node, by, lines: [] };
  if (by === "heading") current.node = node;
  current.by = by;
  return current;
}

type Start = "json" | "state" | "list";

/** The section of a status that begins. What stood before it in its own section is noise. */
function started(current: Growing, start: Start): Growing {
  const goesOn = start === "list" && current.kind === "text" && !current.listed;
  const section = current.kind === null || goesOn ? current : { ...empty, node: null, lines: [] };
  if (!goesOn) section.lines = [];
  section.kind = start === "json" ? "json" : "text";
  section.listed = start === "list";
  return section;
}

const jsonKeys = '"(?:deployments|transaction|cached-update|update-driver)"\\s*:';
const bootc = '"apiVersion"\\s*:\\s*"org\\.containers\\.bootc/';
const firstKey = new RegExp(`^\\s*(?:${jsonKeys}|${bootc})`);
const inOneLine = new RegExp(`^\\s*\\{\\s*(?:${jsonKeys}|${bootc})`);

/** Where a line begins a status, how. */
function startOf(lines: Line[], index: number): Start | null {
  const text = lines[index]?.text ?? "";
  if (stateLine.test(text)) return "state";
  if (listLine.test(text)) return "list";
  if (inOneLine.test(text)) return "json";
  return text.trim() === "{" && beginsJson(lines, index) ? "json" : null;
}

/** A brace alone is much; the first key stands below it, perhaps behind a line of another program. */
function beginsJson(lines: Line[], index: number): boolean {
  const near = lines.slice(index + 1, index + 6).map(({ text }) => text.trim());
  const again = near.indexOf("{");
  return near.slice(0, again < 0 ? undefined : again).some((text) => firstKey.test(text));
}

/** Whether a status, or what a program prints in its place, begins within a few lines. */
function isFollowed(lines: Line[], index: number): boolean {
  const near = [1, 2, 3, 4, 5].map((step) => index + step);
  return near.some(
    (next) => startOf(lines, next) !== null || /^(?:error:|Starting pod\/)/i.test(lines[next]?.text ?? ""),
  );
}
