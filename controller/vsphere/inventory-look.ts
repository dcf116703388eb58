// The look at an inventory: what is below the VM folders of datacenters, and the facts of the VMs of interest, in two calls.
import { z } from "zod";
import { Reference, readAnswer } from "./answer.ts";
import { isGone } from "./fault.ts";
import { absolutePath, findByPath } from "./inventory.ts";
import { type InventoryTree, inventoryTree, type TreeRoot } from "./inventory-tree.ts";
import { readEach, readTree } from "./properties.ts";
import type { Session } from "./session.ts";
import { type TemplateFacts, templateFacts, templatePaths } from "./template.ts";

/** The VM folders that a session has learnt, by the path of their datacenter. */
export type VmFolders = Map<string, Reference>;

export interface LookRequest {
  /** Paths such as `/dc`. */
  datacenters: Iterable<string>;
  /** Filled as needed; to be forgotten with the session. */
  folders: VmFolders;
  /** The virtual machines whose facts are wanted. */
  interest: (tree: InventoryTree) => Iterable<Reference>;
}

export interface Look {
  tree: InventoryTree;
  /** By the value of the reference. */
  facts: ReadonlyMap<string, TemplateFacts>;
  /** Datacenters that are not there, or that the account may not see. */
  unseen: string[];
}

const tries = 3;

/**
 * Two calls, and one more for each datacenter that is new to `folders` (and for each further page of a long answer). What vanishes
 * between the calls is looked for again, and is then gone. Throws VimFault.
 */
export async function lookAtInventory(session: Session, request: LookRequest): Promise<Look> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await look(session, request);
    } catch (thrown) {
      if (!isGone(thrown) || attempt === tries) throw thrown;
      // Perhaps it was a datacenter that vanished, and one of its name was made anew.
      request.folders.clear();
    }
  }
}

async function look(session: Session, { datacenters, folders, interest }: LookRequest): Promise<Look> {
  const { roots, unseen } = await rootsOf(session, new Set(datacenters), folders);
  const tree = inventoryTree(roots, await readEntities(session, roots));
  const wanted = new Map([...interest(tree)].map((reference) => [reference.value, reference]));
  const facts = new Map<string, TemplateFacts>();
  for (const { reference, properties } of await readEach(session, [...wanted.values()], templatePaths())) {
    const path = tree.pathOf(reference);
    if (path !== null) facts.set(reference.value, templateFacts(session.server, { reference, properties, path }));
  }
  return { tree, facts, unseen };
}

async function rootsOf(
  session: Session,
  datacenters: ReadonlySet<string>,
  folders: VmFolders,
): Promise<{ roots: TreeRoot[]; unseen: string[] }> {
  const roots: TreeRoot[] = [];
  const unseen: string[] = [];
  for (const datacenter of datacenters) {
    const path = absolutePath(datacenter, "vm", "");
    const folder = folders.get(datacenter) ?? (await findByPath(session, path));
    if (folder?.type !== "Folder") {
      unseen.push(datacenter);
      continue;
    }
    folders.set(datacenter, folder);
    roots.push({ path, folder });
  }
  return { roots, unseen };
}

const Entity = z.object({ name: z.string(), parent: Reference.optional() });

async function readEntities(session: Session, roots: readonly TreeRoot[]) {
  const paths = Object.keys(Entity.shape);
  const wanted = ["Folder", "VirtualMachine"].map((type) => ({ type, paths }));
  const read = await readTree(
    session,
    roots.map(({ folder }) => folder),
    wanted,
  );
  return read.map(({ reference, properties }) => ({
    reference,
    ...readAnswer(Entity, properties, `Name of ${reference.value} at vCenter ${session.server}`),
  }));
}
