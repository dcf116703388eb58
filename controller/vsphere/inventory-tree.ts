// The inventory tree: the folders and virtual machines below the VM folders of datacenters, as they were at one moment.
import type { Reference } from "./answer.ts";

/** The VM folder of a datacenter; `path` is that of the folder: `/dc/vm`. */
export interface TreeRoot {
  path: string;
  folder: Reference;
}

export interface TreeEntity {
  reference: Reference;
  /** As vCenter gives it: `/`, `\` and `%` of a name are written `%2f`, `%5c`, `%25`. */
  name: string;
  /** Left out where vCenter gives none, as for a VM of a vApp. */
  parent?: Reference | undefined;
}

/**
 * Names and paths are compared as vCenter writes them, like the Machine API does: a name with a slash in it stands in a path, and
 * in a MachineSet, with `%2f`.
 */
export interface InventoryTree {
  /** The folder or VM at an absolute path; null if there is none. */
  byPath: (path: string) => Reference | null;
  /** The VMs and templates of that name below a root's path, in whatever folder. */
  named: (rootPath: string, name: string) => Reference[];
  /** null for what is not in the tree. */
  pathOf: (reference: Reference) => string | null;
  virtualMachines: () => TreeEntity[];
}

/** No folder of vCenter stands so deep: an answer with a circle in it ends here. */
const deepest = 100;

export function inventoryTree(roots: readonly TreeRoot[], entities: readonly TreeEntity[]): InventoryTree {
  const rootPaths = new Map(roots.map(({ path, folder }) => [folder.value, path]));
  const byReference = new Map(entities.map((entity) => [entity.reference.value, entity]));
  const virtualMachines = entities.filter(({ reference }) => reference.type === "VirtualMachine");
  const byName = Map.groupBy(entities, ({ name }) => name);
  const pathOf = (reference: Reference): string | null => {
    const names: string[] = [];
    for (let at: string | undefined = reference.value; names.length <= deepest; ) {
      const root = rootPaths.get(at);
      if (root !== undefined) return [root, ...names].join("/");
      const entity = byReference.get(at);
      if (entity?.parent === undefined) return null;
      names.unshift(entity.name);
      at = entity.parent.value;
    }
    return null;
  };
  return {
    pathOf,
    byPath: (path) => {
      const root = roots.find((one) => one.path === path);
      if (root !== undefined) return root.folder;
      const candidates = byName.get(path.slice(path.lastIndexOf("/") + 1)) ?? [];
      return candidates.find(({ reference }) => pathOf(reference) === path)?.reference ?? null;
    },
    named: (rootPath, name) =>
      (byName.get(name) ?? [])
        .map(({ reference }) => reference)
        .filter((reference) => reference.type === "VirtualMachine" && isBelow(pathOf(reference), rootPath)),
    virtualMachines: () => virtualMachines,
  };
}

function isBelow(path: string | null, rootPath: string): boolean {
  return path?.startsWith(`${rootPath}/`) ?? false;
}
