// The selector of verdicts: `--verdict` as a label selector, so that the API server leaves out what is not asked for.
import { nodeLabels } from "../common/annotations.ts";
import { hint } from "./did-you-mean.ts";
import { verdictOrder } from "./node-troubles.ts";
import { UsageError } from "./usage-error.ts";

/** Stands for Nodes without the label. */
const none = "None";

/** The user's own selector and that of the verdicts; undefined: all Nodes. Throws UsageError. */
export function selectorOf(selector: string | undefined, verdicts: string | undefined): string | undefined {
  const both = [selector, verdicts === undefined ? undefined : requirement(verdicts)].filter(
    (one) => one !== undefined,
  );
  return both.length === 0 ? undefined : both.join(",");
}

/** undefined: every Node meets it. */
function requirement(list: string): string | undefined {
  const wanted = list.split(",").map((one) => known(one.trim()));
  if (!wanted.includes(none)) return `${nodeLabels.verdict} in (${wanted.join(",")})`;
  // `notin` takes also what has no such label.
  const others = verdictOrder.filter((one) => !wanted.includes(one));
  return others.length === 0 ? undefined : `${nodeLabels.verdict} notin (${others.join(",")})`;
}

function known(word: string): string {
  const all = [...verdictOrder, none];
  const found = all.find((one) => one.toLowerCase() === word.toLowerCase());
  if (found !== undefined) return found;
  const message = `There is no verdict ${word || "without a name"}: ${all.join(", ")}.${hint(word, all)}`;
  throw new UsageError(message, "nodes");
}
