// The links of one Machine and its Node: what it was cloned from, what its disk was flashed with, and what it has booted.
import { agentAnnotations, nodeAnnotations } from "../../common/annotations.ts";
import type { Report } from "../../common/report.ts";
import type { Decision } from "../../controller/decide/decision.ts";
import { readReport } from "../../controller/decide/node-report.ts";
import type { NodeFacts } from "../../controller/decide/verdict.ts";
import type { MachineFacts, MachineSetFacts } from "../read-machines.ts";
import { remedy } from "../remedy.ts";
import { type Link, type Seen, unseen } from "./link.ts";

export function machineLink(machine: Seen<MachineFacts>, machineSet: Seen<MachineSetFacts>): Link {
  if (machine === null) return unseen("Machine");
  if (machine === undefined)
    return {
      object: "Machine",
      standing: "NotKnown",
      says: "The Node belongs to none, so no template is known.",
      todo: remedy("NoMachine"),
    };
  const { name, template, createdAt, phase, error } = machine;
  const object = `Machine ${name}`;
  const moved =
    machineSet && template !== machineSet.template
      ? " Its MachineSet names another one by now, which changes nothing here."
      : "";
  const says = `Made at ${createdAt ?? "an unknown time"} from template ${template ?? "(none)"}; phase ${phase ?? "none yet"}.${moved}`;
  if (phase === "Failed")
    return {
      object,
      standing: "Broken",
      says: `${says} ${error ?? ""}`.trim(),
      todo: "Mend what its error names, then delete it: its MachineSet makes another one.",
    };
  return { object, standing: phase === "Running" ? "Holds" : "Waits", says };
}

export function nodeLink(node: Seen<NodeFacts>): Link {
  if (node === null) return unseen("Node");
  if (node === undefined)
    return {
      object: "Node",
      standing: "Waits",
      says: "The Machine has none yet: it boots, or does not join. Its console in vCenter tells.",
    };
  const { name, osImage, operatingSystem } = node;
  return { object: `Node ${name}`, standing: "Holds", says: `It says of itself: ${operatingSystem} ${osImage}.` };
}

/** The report of the Node; undefined: there is none. */
export function reportOf({ annotations }: NodeFacts): Decision<Report> | undefined {
  const text = annotations[agentAnnotations.report];
  return text === undefined ? undefined : readReport(text);
}

export function reportLinks(node: NodeFacts): Link[] {
  const object = "Report of the node's agent";
  const source = `annotation ${agentAnnotations.report}`;
  const broken = (reason: string, says: string): Link[] => [
    { object, source, standing: "Broken", says, todo: remedy(reason) },
  ];
  const report = reportOf(node);
  if (report === undefined) return broken("NoReport", "There is none.");
  if (!report.ok) return broken(report.reason, report.message);
  const { bootID, booted, error, bootImage, staged } = report.value;
  if (error !== null) return broken(error.reason, `${error.reason}: ${error.message}`);
  if (node.bootID === "" || bootID !== node.bootID) return broken("ReportOfOtherBoot", "It is of an earlier boot.");
  const waiting = staged === null ? "" : ` ${staged.digest ?? "Something else"} waits for a reboot.`;
  const says = `Flashed from ${bootImage?.release ?? "an unknown image"} (aleph file), booted ${booted?.digest ?? "something without a digest"} (rpm-ostree), of this boot.${waiting}`;
  return [{ object, source, standing: "Holds", says }, bootImageCheck(node)];
}

function bootImageCheck({ annotations }: NodeFacts): Link {
  const object = "Boot image: was the disk flashed from the Machine's template?";
  const source = `annotation ${nodeAnnotations.bootImageCheck}`;
  const check = annotations[nodeAnnotations.bootImageCheck];
  if (check === undefined) return { object, source, standing: "NotKnown", says: "It was not judged." };
  if (check === "Match") return { object, source, standing: "Holds", says: `${check}: ${remedy(check)}` };
  if (check === "Mismatch")
    return {
      object,
      source,
      standing: "Broken",
      says: `${check}: ${remedy(check)}`,
      todo: remedy("BootImageMismatch"),
    };
  return { object, source, standing: "NotKnown", says: `${check}: ${remedy(check)} That lowers no verdict.` };
}
