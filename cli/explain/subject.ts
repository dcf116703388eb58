// The subject of an explanation: what NAME, node/NAME, machineset/NAME or machine/NAME may mean.
import { hint } from "../did-you-mean.ts";
import { UsageError } from "../usage-error.ts";

export type Kind = "Node" | "MachineSet" | "Machine";

export interface Subject {
  name: string;
  /** Of which kinds an object of the name is looked for. */
  kinds: readonly Kind[];
}

/** The spellings that kubectl takes, in small letters. */
const spellings: Record<string, Kind> = {
  node: "Node",
  nodes: "Node",
  no: "Node",
  machineset: "MachineSet",
  machinesets: "MachineSet",
  "machineset.machine.openshift.io": "MachineSet",
  "machinesets.machine.openshift.io": "MachineSet",
  machine: "Machine",
  machines: "Machine",
  "machine.machine.openshift.io": "Machine",
  "machines.machine.openshift.io": "Machine",
};

/** Throws UsageError. */
export function subjectOf(argument: string): Subject {
  const [before = "", name, ...rest] = argument.split("/");
  if (name === undefined) return { name: checked(before), kinds: ["Node", "MachineSet", "Machine"] };
  const kind = Object.hasOwn(spellings, before.toLowerCase()) ? spellings[before.toLowerCase()] : undefined;
  if (kind === undefined || rest.length > 0) {
    const meant = hint(before, ["node", "machineset", "machine"]);
    throw new UsageError(
      `${argument} names nothing that can be explained: NAME, node/NAME, machineset/NAME or machine/NAME.${meant}`,
      "explain",
    );
  }
  return { name: checked(name), kinds: [kind] };
}

/** Names of objects (RFC 1123 subdomains). Throws UsageError. */
function checked(name: string): string {
  if (/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(name)) return name;
  throw new UsageError(`${name || "An empty text"} is no name of an object.`, "explain");
}
