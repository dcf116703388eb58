// The view of `rollback`: what would change, before anybody is asked.

import { machineSetAnnotations } from "../common/annotations.ts";
import { Failure } from "../common/failure.ts";
import { type Block, gap, text } from "./text/screen.ts";
import { bad, dim, good, strong } from "./text/span.ts";
import type { WayBack } from "./way-back.ts";

export interface RollbackLine {
  name: string;
  way: WayBack | Failure | "Done";
}

export function rollbackBlocks(lines: readonly RollbackLine[]): Block[] {
  if (lines.length === 0) return [text("The halted rollout had moved no MachineSet: there is nothing to take back.")];
  const changes = lines.some(({ way }) => way !== "Done" && !(way instanceof Failure));
  const note = "New Machines boot from that; Machines that exist are not touched.";
  return [...lines.flatMap(lineBlocks), ...(changes ? [text(dim(note)), gap] : [])];
}

function lineBlocks({ name, way }: RollbackLine): Block[] {
  if (way === "Done")
    return [text([strong(`MachineSet ${name}`), ": it is back and on hold already; nothing to change."])];
  if (way instanceof Failure)
    return [text([strong(`MachineSet ${name}`), bad(` cannot go back (${way.reason}): `), way.message])];
  const release = way.release === null ? "not one of bootwarden's own" : `release ${way.release}`;
  const moves = way.from !== way.to;
  return [
    text(strong(`MachineSet ${name}`)),
    {
      kind: "fields",
      fields: [
        ...(moves ? [{ label: "  template, now", words: way.from ?? "none" }] : []),
        { label: moves ? "  template, then" : "  template", words: [good(way.to), dim(` (${release})`)] },
        { label: `  ${machineSetAnnotations.hold}`, words: way.hold ? good("true") : "true already" },
      ],
    },
  ];
}
