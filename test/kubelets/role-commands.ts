// The role commands of docs/install.md: what they give to whom, and the roles that they make.
import { execa } from "execa";
import { vcenterPassword } from "../lab/topology.ts";
import type { VCenterAccount } from "../lab/vcenter-flags.ts";

/** Prints its arguments in place of doing anything; other programs are not there. */
const stub = `
set -eu
govc() { printf '%s\\037' "$@"; echo; }
oc() { :; }
`;

/**
 * The account with what the commands give, and nothing anywhere else. The lab's vCenter takes roles and permissions, and asks its own list
 * of accounts for rights: so they are read from the commands, as a shell expands them.
 */
export async function accountOfPage(commands: string): Promise<VCenterAccount> {
  const { stdout } = await execa("bash", ["--norc", "-c", `${stub}${commands}`]);
  const lines = stdout.split("\n").map((line) => line.split("\u001f").slice(0, -1));
  const roles = new Map<string, string[]>();
  const granted: { path: string; privileges: string[] }[] = [];
  let username = "";
  for (const [command, ...words] of lines) {
    if (command === "role.create") roles.set(words[0] ?? "", words.slice(1));
    if (command !== "permissions.set") continue;
    const [, principal = "", , name = "", ...paths] = words;
    username = principal;
    for (const path of paths) granted.push({ path, privileges: roles.get(name) ?? [] });
  }
  return { username, password: vcenterPassword, privileges: [], granted };
}

/** Our roles in vCenter, without what every role has. */
export async function rolesOf(govc: (...commandLine: string[]) => Promise<string>): Promise<Record<string, string[]>> {
  const names = [...(await govc("role.ls")).matchAll(/^bootwarden\S*/gm)].map(([name]) => name);
  const roles: Record<string, string[]> = {};
  for (const name of names) {
    const privileges = (await govc("role.ls", name)).trim().split("\n");
    roles[name] = privileges.filter((privilege) => !privilege.startsWith("System."));
  }
  return roles;
}
