// The table of Nodes: those in trouble first.
import { age } from "./age.ts";
import type { ListedNode } from "./node-listing.ts";
import { verdictOrder, verdictSpan } from "./node-troubles.ts";
import { type Block, text } from "./text/screen.ts";
import type { Span } from "./text/span.ts";
import type { Column, Row } from "./text/table.ts";

const columns: Column[] = [
  { head: "NODE", least: 14, cut: "middle" },
  { head: "MACHINESET", least: 12, cut: "middle" },
  { head: "VERDICT" },
  { head: "REASON" },
  { head: "OS DIGEST", least: 12 },
  { head: "BOOT IMAGE" },
  { head: "STAGED", least: 12 },
  { head: "AGE", align: "right" },
];
const further: Column[] = [{ head: "BOOTED VERSION" }, { head: "BOOT IMAGE CHECK" }, { head: "MESSAGE", least: 20 }];

/** `wide`: with the booted version, the boot-image check and the message. `machines`: whether Machines could be read. */
export function nodesTable(
  nodes: readonly ListedNode[],
  { wide, machines, now }: { wide: boolean; machines: boolean; now: number },
): Block[] {
  if (nodes.length === 0) return [text("No Nodes.")];
  const sorted = nodes.toSorted((one, other) => rank(one) - rank(other));
  const rows = sorted.map((node): Row => {
    const cells = row(node, machines, now);
    return {
      cells: wide ? [...cells, node.bootedVersion ?? "", node.bootImageCheck ?? "", node.message ?? ""] : cells,
    };
  });
  return [{ kind: "table", columns: wide ? [...columns, ...further] : columns, rows }];
}

function row(node: ListedNode, machines: boolean, now: number): (string | Span)[] {
  return [
    node.name,
    machines ? (node.machineSet ?? "") : "?",
    node.verdict === null ? "" : verdictSpan(node.verdict),
    node.reason ?? "NotJudged",
    node.osDigest ?? "",
    node.bootImage ?? "",
    (node.stagedDigest ?? "").replace(/^sha256:/, "").slice(0, 16),
    age(node.createdAt, now),
  ];
}

/** Stable, so that names stay in order. */
function rank({ verdict }: ListedNode): number {
  const at = verdictOrder.indexOf(verdict ?? "");
  return at < 0 ? verdictOrder.length : at;
}
