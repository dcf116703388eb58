// The view of an explanation: one link below the other, with a mark where the chain breaks.
import { type Block, gap, item, text } from "../text/screen.ts";
import { bad, dim, good, type Span, strong, warn } from "../text/span.ts";
import type { Link } from "./link.ts";

export function chainBlocks(title: string, links: readonly Link[]): Block[] {
  return [
    text(strong(title)),
    gap,
    ...links.flatMap(({ object, source, standing, says, todo }) => [
      item(marks[standing], [strong(object), ...(source === undefined ? [] : [dim(`  ${source}`)])]),
      text(says, margin),
      ...(todo === undefined || todo === "" ? [] : [item(warn(`${" ".repeat(margin)}do: `), todo)]),
    ]),
    gap,
    text(conclusion(links)),
  ];
}

const marks: Record<Link["standing"], Span> = {
  Holds: good("  ok     "),
  Broken: bad("  BROKEN "),
  Waits: warn("  waits  "),
  NotKnown: dim("  ?      "),
};
const margin = 9;

/** Whether the chain is broken anywhere. */
export function isBroken(links: readonly Link[]): boolean {
  return links.some(({ standing }) => standing === "Broken");
}

function conclusion(links: readonly Link[]): (string | Span)[] {
  const broken = links.find(({ standing }) => standing === "Broken");
  if (broken !== undefined) return [bad("The chain is broken"), ` first at: ${broken.object}`];
  const waiting = links.find(({ standing }) => standing === "Waits");
  if (waiting !== undefined) return [warn("The chain waits"), ` at: ${waiting.object}`];
  const dark = links.filter(({ standing }) => standing === "NotKnown").length;
  return [
    good("The chain holds"),
    dark === 0 ? "." : `, as far as it is known (${dark} of ${links.length} links are not).`,
  ];
}
