// The advice about nodes: one for each trouble of theirs, with the command that tells more.
import { agentName, namespace } from "../common/annotations.ts";
import type { Advice } from "./advice.ts";
import type { NodeTrouble } from "./node-troubles.ts";
import type { PolicyStatus } from "./read-policy.ts";
import { remedy } from "./remedy.ts";
import { shellWord } from "./shell-word.ts";

/** `troubles`: null where the Nodes could not be read. */
export function nodeAdvice({ nodes }: PolicyStatus, troubles: readonly NodeTrouble[] | null): Advice[] {
  // Updating passes by itself.
  if (troubles !== null) return troubles.filter(({ verdict }) => verdict !== "Updating").map(adviceOn);
  const [mismatch, unknown] = [nodes?.mismatch ?? 0, nodes?.unknown ?? 0];
  if (mismatch + unknown === 0) return [];
  const what = `${mismatch} nodes do not run what they should, and of ${unknown} it is not known: see which.`;
  return [{ what, commands: ["kubectl bootwarden nodes --verdict=Mismatch,Unknown"] }];
}

const aboutAgent = ["NoReport", "AgentNotReady", "ReportOfOtherBoot"];

function adviceOn({ reason, nodes: names }: NodeTrouble): Advice {
  const [first = ""] = names;
  const many = names.length > 1 ? ` and ${names.length - 1} more` : "";
  const what = `${first}${many}: ${reason}. ${remedy(reason)}`;
  if (!aboutAgent.includes(reason)) return { what, commands: [`kubectl bootwarden explain node/${shellWord(first)}`] };
  const of = `-l app.kubernetes.io/name=${agentName} -o wide --field-selector spec.nodeName=${shellWord(first)}`;
  return { what, commands: [`kubectl -n ${namespace} get pods ${of}`] };
}
