// The command `nodes`: which node runs what, and whether it should.
import { staleBanner } from "../banners.ts";
import type { Command } from "../command.ts";
import { hint } from "../did-you-mean.ts";
import { exitCodes } from "../exit-codes.ts";
import { type Lack, lackBlocks, orLack } from "../lack.ts";
import { nodeListing } from "../node-listing.ts";
import { nodesTable } from "../nodes-table.ts";
import { nodesCsv, nodesJson } from "../nodes-text.ts";
import { readLeaderIfAllowed } from "../read-leader.ts";
import { readMachines } from "../read-machines.ts";
import { readNodes } from "../read-nodes.ts";
import { gap } from "../text/screen.ts";
import { UsageError } from "../usage-error.ts";
import { selectorOf } from "../verdict-selector.ts";

const formats = ["table", "wide", "json", "csv"] as const;
type Format = (typeof formats)[number];

export const nodes: Command = {
  name: "nodes",
  kind: "Look",
  arguments: [],
  flags: ["output", "selector", "verdict"],
  summary: "Which node runs what, by digest, what its disk was flashed with, and the verdict on it.",
  about: [
    "The table begins with the nodes in trouble; json and csv are in the order of names, and their fields are documented in docs/cli.md.",
    "OS DIGEST is the beginning of the booted image's digest, BOOT IMAGE the release that the disk was flashed with, STAGED what waits for a reboot.",
  ],
  examples: [
    { does: "Everything", line: "kubectl bootwarden nodes" },
    {
      does: "What is not as it should be, and why",
      line: "kubectl bootwarden nodes --verdict=Mismatch,Unknown -o wide",
    },
    { does: "The workers", line: "kubectl bootwarden nodes -l node-role.kubernetes.io/worker" },
    { does: "For an auditor", line: "kubectl bootwarden nodes -o csv > nodes.csv" },
    {
      does: "For a program",
      line: `kubectl bootwarden nodes -o json | jq -r '.nodes[] | select(.stagedDigest) | .name'`,
    },
  ],
  run: async ({ flags }, session) => {
    const format = formatOf(flags.output);
    const selector = selectorOf(flags.selector, flags.verdict);
    const api = await session.api();
    const lacks: Lack[] = [];
    const isText = format === "table" || format === "wide";
    const [rows, machines, leader] = await Promise.all([
      readNodes(api, selector),
      orLack(lacks, "The MachineSet of each node", () => readMachines(api)),
      isText ? readLeaderIfAllowed(api) : null,
    ]);
    const listed = nodeListing(rows, machines);
    const now = session.now();
    if (format === "json")
      await session.write(
        nodesJson(
          listed,
          lacks.map(({ what, message }) => `${what}. ${message}`),
        ),
      );
    else if (format === "csv") await session.write(nodesCsv(listed));
    else
      await session.print([
        // No verdict depends on what the policy says.
        ...staleBanner({ policy: null, leader, now }),
        gap,
        ...nodesTable(listed, { wide: format === "wide", machines: machines !== null, now }),
      ]);
    await session.tell(lackBlocks(lacks));
    return lacks.length > 0 ? exitCodes.noPermission : exitCodes.done;
  },
};

/** Throws UsageError. */
function formatOf(output: string | undefined): Format {
  if (output === undefined) return "table";
  const found = formats.find((one) => one === output);
  if (found !== undefined && found !== "table") return found;
  throw new UsageError(`The output can be wide, json or csv, not ${output}.${hint(output, formats.slice(1))}`, "nodes");
}
