// The links between the target and new Machines: who manages the MachineSet, which template it names, and what that holds.
import { isNamedBy } from "../../controller/decide/named-template.ts";
import { nameOf } from "../import-lines.ts";
import type { MachineSetFacts } from "../read-machines.ts";
import type { MachineSetStatus, PolicyFacts, PolicyStatus } from "../read-policy.ts";
import { remedy } from "../remedy.ts";
import { shellWord } from "../shell-word.ts";
import { type Link, type Seen, unseen } from "./link.ts";

/** `machineSet`: undefined for a Machine that none has made. */
export function templateLinks(machineSet: Seen<MachineSetFacts>, policy: Seen<PolicyFacts>): Link[] {
  if (machineSet === null) return [unseen("MachineSet")];
  if (machineSet === undefined) return [];
  const { name } = machineSet;
  const status = policy?.status ?? undefined;
  const said = status?.machineSets.find((set) => set.name === name);
  return [
    ...(status === undefined ? [] : [manager(name, said), holding(machineSet, said, status)]),
    naming(machineSet, said),
  ];
}

function manager(name: string, said: MachineSetStatus | undefined): Link {
  const object = `Who manages MachineSet ${name}`;
  const source = "status.machineSets of the policy";
  if (said === undefined)
    return { object, source, standing: "NotKnown", says: "The policy's status does not speak of it yet." };
  const who = said.managedBy ?? "It is not said who";
  const why = said.managedByMessage ?? (said.state === "Skipped" ? said.message : undefined);
  const reason = said.managedByReason ?? said.reason ?? "";
  const says = `${who} (${reason})${why === undefined ? "." : `: ${why}`}`;
  return { object, source, standing: said.state === "Contested" ? "Broken" : "Holds", says };
}

function holding(
  { template, workspace }: MachineSetFacts,
  said: MachineSetStatus | undefined,
  { templates }: PolicyStatus,
): Link {
  const name = nameOf(template ?? "");
  const object = `Template ${name || "(none)"}`;
  const source = "status.templates of the policy";
  const release = said?.release;
  const found = templates.find((one) => isNamedBy({ template: template ?? "", workspace }, one));
  if (found !== undefined) {
    const whose = found.ours === false ? "not bootwarden's own" : "bootwarden's own";
    const says = `${found.path} at ${found.server}: release ${found.release ?? "unknown"}, ${found.state}, ${whose}.`;
    const broken = found.state === "ContentReplaced";
    return {
      object,
      source,
      standing: broken ? "Broken" : "Holds",
      says,
      ...(broken ? { todo: remedy("ContentReplaced") } : {}),
    };
  }
  const gone = said?.reason === "TemplateMissing" || said?.reason === "TemplateAmbiguous";
  if (gone) return { object, source, standing: "Broken", says: said.message ?? "", todo: remedy(said.reason ?? "") };
  const holds = release === undefined ? "its release is not known" : `its release is ${release}`;
  const says = `It is none of bootwarden's own (the installer's, or somebody else's); ${holds}.`;
  return { object, source, standing: release === undefined ? "NotKnown" : "Holds", says };
}

function naming(
  { name, template, replicas, held, previousTemplate }: MachineSetFacts,
  said: MachineSetStatus | undefined,
): Link {
  const object = `MachineSet ${name}`;
  const state =
    said?.state === undefined ? "" : ` ${said.state} (${said.reason ?? ""})${said.message ? `: ${said.message}` : "."}`;
  const count = replicas === null ? "" : `, ${replicas} ${replicas === 1 ? "replica" : "replicas"}`;
  const notes = [
    held ? "It is on hold." : "",
    previousTemplate === null ? "" : `Before its last move it named ${previousTemplate}.`,
  ];
  const says = [`It names ${template ?? "no template"}${count}.${state}`, ...notes.filter(Boolean)].join(" ");
  const troubled = ["Failed", "Halted", "Contested"].includes(said?.state ?? "");
  const waits = said?.state === "Outdated" || said?.state === "Updating";
  const todo = troubled || waits ? howToMove(name, said) : "";
  return { object, standing: troubled ? "Broken" : waits ? "Waits" : "Holds", says, ...(todo === "" ? {} : { todo }) };
}

function howToMove(name: string, said: MachineSetStatus | undefined): string {
  if (said?.state === "Contested") return `${remedy("Contested")} (kubectl bootwarden resume ${shellWord(name)})`;
  if (said?.state === "Halted") return remedy("Halted");
  if (said?.managedByReason === "ObserveMode") return remedy("ObserveMode");
  return remedy(said?.reason ?? "");
}
