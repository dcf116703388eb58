// The chain of a MachineSet: from the cluster's release to the nodes that it has made.
import { nameOf } from "../import-lines.ts";
import type { MachineFacts } from "../read-machines.ts";
import type { MachineSetChainFacts } from "./facts.ts";
import { type Link, unseen } from "./link.ts";
import { releaseLinks } from "./release-links.ts";
import { templateLinks } from "./template-links.ts";

export function machineSetChain(facts: MachineSetChainFacts): Link[] {
  const { machineSet, machines, policy } = facts;
  return [
    ...releaseLinks(facts),
    ...templateLinks(machineSet, policy),
    ...(machines === null ? [unseen("Machines")] : [machinesLink(machines ?? [], facts)]),
  ];
}

const named = 3;

function machinesLink(machines: readonly MachineFacts[], { verdicts, machineSet }: MachineSetChainFacts): Link {
  const object = `Machines of ${machineSet.name}`;
  if (machines.length === 0) return { object, standing: "Holds", says: "There are none." };
  const failed = machines.filter(({ phase }) => phase === "Failed");
  const phases = [...Map.groupBy(machines, ({ phase }) => phase ?? "without a phase")].map(
    ([phase, same]) => `${same.length} ${phase}`,
  );
  const older = machines.filter(({ template }) => nameOf(template ?? "") !== nameOf(machineSet.template ?? "")).length;
  const before = older === 0 ? "" : ` Made from another template than it names now: ${older}.`;
  const says = `${phases.join(", ")}.${judged(machines, verdicts)}${before}`;
  const [first] = failed;
  if (first === undefined) return { object, standing: "Holds", says };
  const todo = `kubectl bootwarden explain machine/${first.name}`;
  return {
    object,
    standing: "Broken",
    says: `${says} ${first.name} failed: ${first.error ?? "no reason is given"}`,
    todo,
  };
}

function judged(machines: readonly MachineFacts[], verdicts: MachineSetChainFacts["verdicts"]): string {
  if (verdicts == null) return "";
  const nodes = machines.flatMap(({ node }) => node ?? []);
  const groups = Map.groupBy(nodes, (node) => verdicts.get(node) ?? "not judged");
  const told = [...groups].map(([verdict, same]) => {
    const who =
      verdict === "Verified" ? "" : ` (${same.slice(0, named).join(", ")}${same.length > named ? ", …" : ""})`;
    return `${same.length} ${verdict}${who}`;
  });
  return told.length === 0 ? "" : ` Their nodes: ${told.join(", ")}.`;
}
