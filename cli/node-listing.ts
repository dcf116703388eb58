// The listing of Nodes: each with its Machine and MachineSet, in the order of the fields that -o json and -o csv have.
import type { MachineFacts } from "./read-machines.ts";
import type { NodeRow } from "./read-nodes.ts";

export interface ListedNode extends NodeRow {
  machine: string | null;
  machineSet: string | null;
}

/** What each field holds, in words: the documented schema of -o json, and the header of -o csv. */
export const nodeFields = {
  name: "The Node.",
  machine: "Its Machine; null: it has none, or Machines could not be read.",
  machineSet: "The MachineSet that made it.",
  verdict:
    "`Verified`, `Updating`, `Mismatch` or `Unknown`; null: it is not judged (no ostree host, or not looked at yet).",
  reason: "One word of reasons.md.",
  message: "What was expected and what was seen, by both checks.",
  bootImageCheck: "`Match`, `Mismatch` or `NotKnown/…`.",
  osDigest: "The first 16 hex digits of the booted digest, as the controller read it.",
  bootedDigest: "The digest of the booted image, as the node's agent says it.",
  bootedImage: "Its reference, transport included.",
  bootedVersion: "Its version.",
  bootImage: "The release that the disk was flashed with.",
  stagedDigest: "The digest of what waits for a reboot.",
  createdAt: "When the Node was registered (RFC 3339).",
} as const satisfies Record<keyof ListedNode, string>;

export const fieldNames = Object.keys(nodeFields) as (keyof ListedNode)[];

/** By name. `machines`: null where they could not be read. The Machine says which Node is its own; what a Node says of itself is not asked. */
export function nodeListing(nodes: readonly NodeRow[], machines: readonly MachineFacts[] | null): ListedNode[] {
  const byNode = new Map((machines ?? []).flatMap((one) => (one.node === null ? [] : [[one.node, one]])));
  return nodes
    .map((node) => {
      const machine = byNode.get(node.name);
      return { ...node, machine: machine?.name ?? null, machineSet: machine?.machineSet ?? null };
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
