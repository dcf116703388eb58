// The inventory: objects by path and by name, as the Machine API looks them up.
import { z } from "zod";
import { Reference, readAnswer } from "./answer.ts";
import { element } from "./element.ts";
import { VimFault } from "./fault.ts";
import { readAncestors, readBelow } from "./properties.ts";
import type { Session } from "./session.ts";

/** The folders that every datacenter has. */
type Kind = "vm" | "host" | "datastore" | "network";

/** The absolute path of an object: a relative one stands below the datacenter's folder of its kind; no slash at the end. */
export function absolutePath(datacenter: string, kind: Kind, path: string): string {
  const parts = path.split("/").filter((part) => part !== "");
  if (path.startsWith("/")) return `/${parts.join("/")}`;
  return [datacenterPath(datacenter), kind, ...parts].join("/");
}

/** `/dc` of `dc`, `/dc` or `/dc/`. */
export function datacenterPath(datacenter: string): string {
  return `/${datacenter
    .split("/")
    .filter((part) => part !== "")
    .join("/")}`;
}

/** The object at an absolute inventory path; null if there is none. */
export async function findByPath(session: Session, path: string): Promise<Reference | null> {
  // The API's paths have no slash in front: `My Folder/My Datacenter/vm/…`.
  const fields = [element("inventoryPath", path.replace(/^\/+|\/+$/g, ""))];
  const { value } = await session.call("FindByInventoryPath", { on: session.content.searchIndex, fields });
  return readAnswer(Found, value, `FindByInventoryPath of ${path} at vCenter ${session.server}`);
}

/**
 * The virtual machines that a MachineSet's `template` may mean: an absolute path names one; a bare name every VM or template of
 * that name in the datacenter, in whatever folder (so the Machine API; more than one is an error for it).
 */
export async function findVirtualMachines(
  session: Session,
  datacenter: string,
  template: string,
): Promise<Reference[]> {
  if (template.includes("/")) {
    const found = await findByPath(session, absolutePath(datacenter, "vm", template));
    return found?.type === "VirtualMachine" ? [found] : [];
  }
  return await findNamed(session, absolutePath(datacenter, "vm", ""), { type: "VirtualMachine", name: template });
}

/** The absolute inventory path of an object, such as `/dc/vm/folder/name`. */
export async function inventoryPath(session: Session, reference: Reference): Promise<string> {
  const parents = new Map<string, z.infer<typeof Named>>();
  for (const { reference: found, properties } of await readAncestors(session, reference)) {
    parents.set(found.value, readAnswer(Named, properties, `Name of ${found.value} at vCenter ${session.server}`));
  }
  const names: string[] = [];
  let at = parents.get(reference.value);
  for (; at?.parent !== undefined; at = parents.get(at.parent.value)) names.unshift(at.name);
  if (at === undefined) {
    const what = `${reference.type} ${reference.value} at vCenter ${session.server}`;
    throw new VimFault(
      "NoPermission",
      `The folders above ${what} may not be read. Give the account System.Read on them.`,
    );
  }
  return `/${names.join("/")}`;
}

const Found = z
  .literal("")
  .transform(() => null)
  .or(Reference);
const Named = z.object({ name: z.string(), parent: Reference.optional() });

async function findNamed(
  session: Session,
  folder: string,
  wanted: { type: string; name: string },
): Promise<Reference[]> {
  const start = await findByPath(session, folder);
  if (start === null) return [];
  const all = await readBelow(session, start, { type: wanted.type, paths: ["name"] });
  return all.filter(({ properties }) => properties.name === wanted.name).map(({ reference }) => reference);
}
