// The index by Node: of the objects of one kind those that name a Node, kept up to date change by change.
import type { Change } from "./records.ts";

interface OfNode {
  node: string | undefined;
}

export interface NodeIndex<T extends OfNode> {
  /** In the order in which they came. */
  of: (node: string) => readonly T[];
  /** Takes a change over; gives the names of the Nodes that it concerns. */
  take: (change: Change<T>) => string[];
}

export function createNodeIndex<T extends OfNode>(): NodeIndex<T> {
  const byNode = new Map<string, readonly T[]>();
  const without = (node: string, one: T) => {
    const left = byNode.get(node)?.filter((other) => other !== one) ?? [];
    if (left.length === 0) byNode.delete(node);
    else byNode.set(node, left);
  };
  return {
    of: (node) => byNode.get(node) ?? [],
    take: ({ before, after }) => {
      if (before?.node !== undefined) without(before.node, before);
      if (after?.node !== undefined) byNode.set(after.node, [...(byNode.get(after.node) ?? []), after]);
      return [...new Set([before?.node, after?.node])].filter((node) => node !== undefined);
    },
  };
}
