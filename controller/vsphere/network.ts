// The network that a MachineSet names: one, or several of one name, of which a host reaches the right one.
import type { Reference } from "./answer.ts";
import { absolutePath, findByPath } from "./inventory.ts";
import { readBelow } from "./properties.ts";
import type { Session } from "./session.ts";

/**
 * By absolute path, or by path below the datacenter's network folder: that one. By name: all networks of the name in the datacenter,
 * in whatever folder, the one right in the network folder first. Empty if there is none, or no name.
 */
export async function findNetworks(session: Session, datacenter: string, network: string): Promise<Reference[]> {
  if (network === "") return [];
  const found = await findByPath(session, absolutePath(datacenter, "network", network));
  if (network.includes("/")) return found === null ? [] : [found];
  const folder = await findByPath(session, absolutePath(datacenter, "network", ""));
  if (folder === null) return found === null ? [] : [found];
  const all = await readBelow(session, folder, { type: "Network", paths: ["name"] });
  const named = all.filter(({ properties }) => properties.name === network).map(({ reference }) => reference);
  const first = found === null ? [] : [found];
  return [...first, ...named.filter(({ value }) => value !== found?.value)];
}
