// The snapshot of a virtual machine: linked clones share its disks.
import { z } from "zod";
import { listOf, Reference, readAnswer } from "./answer.ts";
import { element } from "./element.ts";
import { readProperties } from "./properties.ts";
import type { Session } from "./session.ts";
import { runTask } from "./task.ts";

/** The snapshots of a VM or template. */
export interface Snapshots {
  /** Whether one of them is the current one: the one that was made last, or gone back to. */
  hasCurrent: boolean;
  /** All, in the order of the tree, parents first. `path` is `parent/child`, of names. */
  tree: readonly { reference: Reference; name: string; path: string }[];
}

/** The property that `snapshotsOf` reads. */
export const snapshotPath = "snapshot";

/** Makes a snapshot of a powered-off VM, without memory. Not of a template. Throws VimFault. */
export async function createSnapshot(
  session: Session,
  reference: Reference,
  { name, description }: { name: string; description: string },
): Promise<void> {
  const fields = [
    element("name", name),
    element("description", description),
    element("memory", false),
    element("quiesce", false),
  ];
  const what = `Making snapshot ${name} of ${reference.value}`;
  await runTask(session, ["CreateSnapshot_Task", { on: reference, fields }], { what });
}

/** Reads the snapshots of a VM or template. Throws VimFault. */
export async function readSnapshots(session: Session, reference: Reference): Promise<Snapshots> {
  const read = await readProperties(session, reference, [snapshotPath]);
  return snapshotsOf(read, `Snapshots of ${reference.value} at vCenter ${session.server}`);
}

/** The snapshots among properties that were read by `snapshotPath`; `what` names them in an error. Throws VimFault. */
export function snapshotsOf(properties: Record<string, unknown>, what: string): Snapshots {
  const info = readAnswer(Info, properties[snapshotPath], what);
  if (info === null) return { hasCurrent: false, tree: [] };
  return { hasCurrent: info.currentSnapshot !== undefined, tree: flat(info.rootSnapshotList, "") };
}

interface Node {
  snapshot: Reference;
  name: string;
  childSnapshotList: Node[];
}

const Node: z.ZodType<Node> = z.lazy(() =>
  z.object({ snapshot: Reference, name: z.string(), childSnapshotList: listOf(Node) }),
);

const Info = z
  .object({ currentSnapshot: Reference.optional(), rootSnapshotList: listOf(Node) })
  .nullable()
  .or(z.union([z.undefined(), z.literal("")]).transform(() => null));

function flat(nodes: readonly Node[], above: string): Snapshots["tree"] {
  return nodes.flatMap(({ snapshot, name, childSnapshotList }) => {
    const path = above === "" ? name : `${above}/${name}`;
    return [{ reference: snapshot, name, path }, ...flat(childSnapshotList, path)];
  });
}
