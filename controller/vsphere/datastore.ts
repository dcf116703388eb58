// The datastore that a MachineSet names: by path, or by a name that may stand in a folder or a datastore cluster.
import type { Reference } from "./answer.ts";
import { absolutePath, findByPath, inventoryPath } from "./inventory.ts";
import { readBelow } from "./properties.ts";
import type { Session } from "./session.ts";

/**
 * A name means, as for the Machine API, the datastore of that name wherever it is in the datacenter (vSphere has only one of a name
 * there); a path means what stands there, whatever it is. Null if there is none. Throws VimFault.
 */
export async function findDatastore(
  session: Session,
  datacenter: string,
  datastore: string,
): Promise<Reference | null> {
  const path = absolutePath(datacenter, "datastore", datastore);
  const found = await findByPath(session, path);
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (datastore === "" || found?.type === "Datastore") return found;
  const folder = await findByPath(session, absolutePath(datacenter, "datastore", ""));
  if (folder === null) return found;
  const all = await readBelow(session, folder, { type: "Datastore", paths: ["name"] });
  const named = all.find(({ properties }) => properties.name === name)?.reference;
  if (named === undefined) return found;
  if (!datastore.includes("/")) return named;
  // The search by path need not go into datastore clusters.
  return (await inventoryPath(session, named)) === path ? named : found;
}
