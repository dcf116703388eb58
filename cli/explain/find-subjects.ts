// The finding of subjects: which Node, Machine and MachineSet there are of a name.
import { Failure } from "../../common/failure.ts";
import type { NodeFacts } from "../../controller/decide/verdict.ts";
import { hint } from "../did-you-mean.ts";
import type { Api } from "../kube/api.ts";
import { resources } from "../kube/resource.ts";
import { type Lack, orLack } from "../lack.ts";
import {
  type MachineFacts,
  type MachineSetFacts,
  machineFacts,
  readMachineSet,
  readMachineSets,
  readMachines,
} from "../read-machines.ts";
import { readNodes } from "../read-nodes.ts";
import type { Seen } from "./link.ts";
import { readNode } from "./read-node.ts";
import type { Kind, Subject } from "./subject.ts";

/** NameUnknown. */
class SubjectError extends Failure {}

export interface FoundNode {
  title: string;
  node: Seen<NodeFacts>;
  machine: Seen<MachineFacts>;
}

export interface Found {
  /** Nodes and Machines: one entry for a Machine and its own Node, also where only one of them is named. */
  found: FoundNode[];
  machineSet: MachineSetFacts | null;
}

/** Throws SubjectError where there is nothing of the name. */
export async function findSubjects(api: Api, { name, kinds }: Subject, lacks: Lack[]): Promise<Found> {
  const only = async <T>(kind: Kind, look: () => Promise<T>): Promise<T | null> =>
    kinds.includes(kind) ? await orLack(lacks, `${kind} ${name}`, look) : null;
  const [node, machine, machineSet] = await Promise.all([
    only("Node", () => readNode(api, name)),
    only("Machine", () => readMachine(api, name)),
    only("MachineSet", () => readMachineSet(api, name)),
  ]);
  const found = [
    ...(node ? [await withMachine(api, node, lacks)] : []),
    // A Machine and its Node mostly have one name: then they are one subject.
    ...(machine && !(node && machine.node === node.name) ? [await withNode(api, machine, lacks)] : []),
  ];
  if (found.length === 0 && machineSet === null && lacks.length === 0) throw await unknown(api, { name, kinds });
  return { found, machineSet };
}

async function readMachine(api: Api, name: string): Promise<MachineFacts | undefined> {
  const object = await api.get(resources.machines, name);
  return object === undefined ? undefined : machineFacts(object);
}

/** The Machine says which Node is its own; the Node's annotation only says which to ask first, since a node may write there what it likes. */
async function withMachine(api: Api, node: NodeFacts, lacks: Lack[]): Promise<FoundNode> {
  const machine = await orLack(lacks, `The Machine of Node ${node.name}`, async () => {
    const [, said] =
      /^[^/]*\/([a-z0-9][-a-z0-9.]*)$/.exec(node.annotations["machine.openshift.io/machine"] ?? "") ?? [];
    const first = said === undefined ? undefined : await readMachine(api, said);
    if (first?.node === node.name) return first;
    return (await readMachines(api)).find((one) => one.node === node.name);
  });
  return { title: `Node ${node.name}`, node, machine };
}

async function withNode(api: Api, machine: MachineFacts, lacks: Lack[]): Promise<FoundNode> {
  const { node: name } = machine;
  const node = name === null ? undefined : await orLack(lacks, `Node ${name}`, () => readNode(api, name));
  return { title: `Machine ${machine.name}`, node, machine };
}

async function unknown(api: Api, { name, kinds }: Subject): Promise<SubjectError> {
  const lists: Record<Kind, () => Promise<{ name: string }[]>> = {
    Node: () => readNodes(api),
    MachineSet: () => readMachineSets(api),
    Machine: () => readMachines(api),
  };
  const all = await Promise.all(kinds.map((kind) => lists[kind]().catch(() => [])));
  const names = all.flat().map((one) => one.name);
  return new SubjectError("NameUnknown", `There is no ${kinds.join(", ")} of the name ${name}.${hint(name, names)}`);
}
