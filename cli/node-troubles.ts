// The troubles of nodes, one line for each verdict and reason: how many, which, and what to do.

import type { NodeRow } from "./read-nodes.ts";
import { remedy } from "./remedy.ts";
import { type Block, item } from "./text/screen.ts";
import { bad, type Span, strong, warn } from "./text/span.ts";
import { pad } from "./text/width.ts";

/** The urgent ones first. */
export const verdictOrder: readonly string[] = ["Mismatch", "Unknown", "Updating", "Verified"];

const troubles = verdictOrder.slice(0, 3);

export interface NodeTrouble {
  verdict: string;
  reason: string;
  nodes: string[];
}

/** Of nodes that are judged, and not Verified. */
export function nodeTroubles(nodes: readonly NodeRow[]): NodeTrouble[] {
  const groups = Map.groupBy(nodes, ({ verdict, reason }) => JSON.stringify([verdict, reason]));
  const all = [...groups.values()].map((same) => ({
    verdict: same[0]?.verdict ?? "",
    reason: same[0]?.reason ?? "",
    nodes: same.map(({ name }) => name).sort(),
  }));
  const rank = ({ verdict }: NodeTrouble) => troubles.indexOf(verdict);
  return all
    .filter((trouble) => rank(trouble) >= 0)
    .sort((one, other) => rank(one) - rank(other) || other.nodes.length - one.nodes.length);
}

/** So many names of one trouble are shown. */
const named = 3;

export function troubleBlocks(all: readonly NodeTrouble[]): Block[] {
  return all.map(({ verdict, reason, nodes }) => {
    const more = nodes.length > named ? ` and ${nodes.length - named} more` : "";
    const who = `${nodes.slice(0, named).join(", ")}${more}`;
    const word = remedy(reason);
    return item(verdictSpan(verdict, `  ${pad(verdict, 9)} `), [strong(reason), `: ${who}.${word && ` ${word}`}`]);
  });
}

/** The text in the colour of the verdict. */
export function verdictSpan(verdict: string, text = verdict): Span {
  if (verdict === "Mismatch") return bad(text);
  if (verdict === "Verified") return { text, role: "good" };
  return verdict === "Unknown" || verdict === "Updating" ? warn(text) : { text, role: null };
}
