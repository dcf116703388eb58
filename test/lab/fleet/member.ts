// The member of a fleet: one of thousands of nodes, always the same for its number.
import { createHash } from "node:crypto";
import { infrastructureName, type Zone, zones } from "../topology.ts";

export interface Member {
  /** Of the Node, and of its Machine. */
  name: string;
  machineSet: string;
  zone: Zone;
  bootID: string;
  providerID: string;
}

/** When everything began that does not say otherwise. */
export const began = "2026-11-20T10:16:00Z";

/** A number that looks like one of a kind, and is always the same. */
export function uuid(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [8, 4, 4, 4, 12].map((length, index) => hex.slice(index * 12, index * 12 + length)).join("-");
}

export function memberOf(index: number, machineSets: number): Member {
  const set = index % machineSets;
  const zone = zones[set % zones.length];
  if (zone === undefined) throw new TypeError("the lab has zones");
  const machineSet = fleetMachineSetName(set);
  const name = `${machineSet}-${uuid(`name ${index}`).slice(0, 5)}${index}`;
  return { name, machineSet, zone, bootID: uuid(`boot ${name}`), providerID: `vsphere://${uuid(name)}` };
}

/** Of the MachineSet of that number. */
export function fleetMachineSetName(index: number): string {
  return `${infrastructureName}-worker-${index}`;
}
