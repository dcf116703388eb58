// The flags of the simulated vCenter that name files: written to the lab's ground.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Authority } from "./certificates.ts";
import type { Ground } from "./ground.ts";

/** An account beside the lab's own, which has all privileges. */
export interface VCenterAccount {
  username: string;
  password: string;
  /** Privilege ids, as "VApp.Import"; "*": all. They hold on every object but those of `denied`. */
  privileges: string[] | "*";
  /** Further ones, on the object of an inventory path and all below it; "/" is the vCenter. */
  granted?: { path: string; privileges: string[] | "*" }[];
  /** Privileges that are taken away on the objects of a name; also System.Read and System.View. */
  denied?: { name: string; privileges: string[] | "*" }[];
}

/** The layout of the inventory; `esxVersion` ("7.0.3") sets what hardware versions the cluster's hosts know. */
export interface VCenterLayout {
  datacenter: string;
  datastores: string[];
  clusters: {
    name: string;
    hosts: number;
    datastore: string;
    resourcePools?: string[];
    networks?: string[];
    esxVersion?: string;
  }[];
  networks: string[];
  /** Paths below the datacenter's VM folder, absolute or relative. */
  folders: string[];
}

export async function accountsFlag(ground: Ground, accounts: VCenterAccount[]): Promise<string> {
  return `--accounts=${await write(ground, "accounts.json", JSON.stringify(accounts))}`;
}

export async function layoutFlag(ground: Ground, layout: VCenterLayout): Promise<string> {
  return `--layout=${await write(ground, "layout.json", JSON.stringify(layout))}`;
}

/** Flags for a host that takes the uploads on a port of its own, with a certificate of the authority, which may be foreign. */
export async function hostFlags(ground: Ground, authority: Authority = ground.authority): Promise<string[]> {
  const { certificate, key } = await authority.issue("esx");
  return [
    `--host-cert=${await write(ground, "esx.crt", certificate)}`,
    `--host-key=${await write(ground, "esx.key", key)}`,
  ];
}

async function write(ground: Ground, name: string, text: string): Promise<string> {
  const file = join(ground.directory, `vcenter-${name}`);
  await writeFile(file, text, { mode: 0o600 });
  return file;
}
