// The machine config pool of a node.
import { type Decision, decided, refused } from "./decision.ts";
import { isEmpty, type LabelSelector, type Labels, matches } from "./label-selector.ts";

export interface Pool {
  name: string;
  nodeSelector: LabelSelector | null;
  /** `spec.configuration.name`: the rendered configuration that the pool asks for; null before its first. */
  configuration: string | null;
  paused: boolean;
}

/**
 * As the Machine Config Operator decides (its pkg/helpers): a custom pool wins over worker, master wins over a custom
 * one, and two custom pools are a mistake. `Joining` when no pool selects the node, `NoExpectation` when two do.
 */
export function poolOf(labels: Labels, pools: readonly Pool[]): Decision<Pool> {
  const selecting = pools.filter(
    ({ nodeSelector }) => nodeSelector !== null && !isEmpty(nodeSelector) && matches(nodeSelector, labels),
  );
  const master = selecting.find(({ name }) => name === "master");
  const worker = selecting.find(({ name }) => name === "worker");
  const custom = selecting.filter((pool) => pool !== master && pool !== worker);
  if (custom.length > 1) {
    const names = custom.map(({ name }) => name).join(" and ");
    return refused("NoExpectation", `The node is in the custom pools ${names}: remove the role label of all but one.`);
  }
  const pool = master ?? custom[0] ?? worker;
  return pool ? decided(pool) : refused("Joining", "No MachineConfigPool selects the node yet.");
}
