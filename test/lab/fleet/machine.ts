// The Machine and the MachineSet of a fleet, of the size that they have in a real cluster.
import { z } from "zod";
import type { KubeObject } from "../api.ts";
import { infrastructureName, zones } from "../topology.ts";
import { machineSet } from "../vsphere-objects.ts";
import { began, fleetMachineSetName, type Member, uuid } from "./member.ts";

/** A MachineSet of the fleet; its Machines are made beside it. */
export function fleetMachineSet(server: string, index: number): KubeObject {
  const zone = zones[index % zones.length];
  if (zone === undefined) throw new TypeError("the lab has zones");
  const text = JSON.stringify(machineSet(server, zone)).replaceAll(
    `${infrastructureName}-worker-${zone.suffix}`,
    fleetMachineSetName(index),
  );
  return JSON.parse(text);
}

/** A Machine that runs, as the Machine API leaves it: more than 4 KB. */
export function fleetMachine(server: string, member: Member): KubeObject {
  const { name, machineSet: set, zone, providerID } = member;
  const of = "machine.openshift.io";
  const template = z
    .object({ template: z.object({ metadata: z.unknown(), spec: z.object({ providerSpec: z.unknown() }) }) })
    .parse(machineSet(server, zone).spec).template.spec;
  const labels = { [`${of}/region`]: "east", [`${of}/zone`]: `east-${zone.suffix}` };
  const role = { [`${of}/cluster-api-machine-role`]: "worker", [`${of}/cluster-api-machine-type`]: "worker" };
  const owner = { apiVersion: `${of}/v1beta1`, kind: "MachineSet", name: set, uid: uuid(set) };
  return {
    apiVersion: `${of}/v1beta1`,
    kind: "Machine",
    metadata: {
      name,
      namespace: "openshift-machine-api",
      annotations: { [`${of}/instance-state`]: "poweredOn" },
      labels: {
        ...labels,
        ...role,
        [`${of}/cluster-api-cluster`]: infrastructureName,
        [`${of}/cluster-api-machineset`]: set,
      },
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
    },
    spec: { lifecycleHooks: {}, metadata: {}, providerID, providerSpec: template.providerSpec },
    status: machineStatus(member),
  };
}

function machineStatus({ name, providerID }: Member) {
  return {
    phase: "Running",
    lastUpdated: began,
    nodeRef: { kind: "Node", name, uid: uuid(`node ${name}`) },
    addresses: ["InternalIP", "ExternalIP", "InternalDNS", "Hostname"].flatMap((type) =>
      ["10.40.1.21", "fe80::250:56ff:fea1:b2c3", name].map((address) => ({ type, address })),
    ),
    conditions: ["Drainable", "InstanceExists", "Terminable", "MachineCreated"].map((type) => ({
      type,
      status: "True",
      lastTransitionTime: began,
      message: "As it should be: nothing holds this Machine up, and its instance is there",
      reason: "AsExpected",
    })),
    providerStatus: {
      instanceId: providerID.slice("vsphere://".length),
      instanceState: "poweredOn",
      taskRef: "task-10412",
      conditions: [
        {
          type: "MachineCreation",
          status: "True",
          reason: "MachineCreationSucceeded",
          message: "Machine successfully created",
          lastTransitionTime: began,
        },
      ],
    },
  };
}
