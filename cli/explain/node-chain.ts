// The chain of a Node or a Machine: from the cluster's release to the verdict.
import { nodeAnnotations, nodeLabels } from "../../common/annotations.ts";
import type { NodeFacts } from "../../controller/decide/verdict.ts";
import { remedy } from "../remedy.ts";
import type { NodeChainFacts } from "./facts.ts";
import type { Link } from "./link.ts";
import { machineLink, nodeLink, reportLinks } from "./machine-links.ts";
import { osLinks } from "./os-links.ts";
import { releaseLinks } from "./release-links.ts";
import { templateLinks } from "./template-links.ts";

export function nodeChain(facts: NodeChainFacts): Link[] {
  const { node, machine, machineSet, policy } = facts;
  return [
    ...releaseLinks(facts),
    ...templateLinks(machineSet, policy),
    machineLink(machine, machineSet),
    nodeLink(node),
    ...(node ? [...reportLinks(node), ...osLinks(node, facts), verdict(node)] : []),
  ];
}

function verdict({ labels, annotations }: NodeFacts): Link {
  const object = "Verdict";
  const source = `label ${nodeLabels.verdict}, written by the controller`;
  const word = labels[nodeLabels.verdict];
  const reason = annotations[nodeAnnotations.verdictReason];
  const message = annotations[nodeAnnotations.verdictMessage] ?? "";
  if (word === undefined && reason === undefined)
    return { object, source, standing: "Waits", says: "The controller has not judged the Node yet." };
  const says = `${word ?? "None"} (${reason ?? "no reason"})`;
  if (word === "Verified") return { object, source, standing: "Holds", says: `${says}.` };
  if (word === undefined) return { object, source, standing: "Holds", says: `${says}: ${message}` };
  return {
    object,
    source,
    standing: word === "Updating" ? "Waits" : "Broken",
    says: `${says}: ${message}`,
    todo: remedy(reason ?? ""),
  };
}
