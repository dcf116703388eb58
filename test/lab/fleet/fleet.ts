// The fleet: thousands of Nodes with their Machines and agents' pods, and nobody behind them.
import type { Api, KubeObject } from "../api.ts";
import { fleetMachine, fleetMachineSet } from "./machine.ts";
import { type Member, memberOf } from "./member.ts";
import { fleetNode } from "./node.ts";
import { fleetPod } from "./pod.ts";
import { updateStatus } from "./status-updates.ts";

export interface FleetPlan {
  api: Api;
  /** Of the vCenter that the Machines name. */
  server: string;
  machineSets: number;
  nodes: { from: number; to: number };
}

export const machineApi = "/apis/machine.openshift.io/v1beta1/namespaces/openshift-machine-api";
const pods = "/api/v1/namespaces/bootwarden/pods";
/** Requests at a time: enough for a small machine to be busy. */
const together = 24;

/** Makes the MachineSets that are missing and the members of these numbers, and resolves with them. */
export async function raiseFleet({ api, server, machineSets, nodes }: FleetPlan): Promise<Member[]> {
  const there = new Set((await api.list(`${machineApi}/machinesets`)).map(({ metadata }) => metadata.name));
  const sets = [...Array(machineSets).keys()].map((index) => fleetMachineSet(server, index));
  await beside(
    sets.filter(({ metadata }) => !there.has(metadata.name)),
    (set) => api.send("POST", `${machineApi}/machinesets`, set),
  );
  const members = [...Array(nodes.to - nodes.from).keys()].map((index) => memberOf(nodes.from + index, machineSets));
  await beside(members, async (member) => {
    await api.send("POST", "/api/v1/nodes?fieldManager=kubelet", fleetNode(member));
    // By which the kubelet becomes the owner of the status, with an entry in managedFields.
    await updateStatus(api, member.name);
    await createWithStatus(api, `${machineApi}/machines`, fleetMachine(server, member));
    await createWithStatus(api, pods, fleetPod(member));
  });
  return members;
}

/** The API server takes no status of these kinds when they are made. */
async function createWithStatus(api: Api, path: string, object: KubeObject): Promise<void> {
  await api.send("POST", path, object);
  await api.merge(`${path}/${object.metadata.name}/status`, { status: object.status });
}

async function beside<T>(all: readonly T[], action: (one: T) => Promise<unknown>): Promise<void> {
  const left = all.values();
  const work = async () => {
    for (const one of left) await action(one);
  };
  await Promise.all(Array.from({ length: together }, work));
}
