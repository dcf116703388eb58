// The properties of managed objects, read through the PropertyCollector.
import { z } from "zod";
import { listOf, Reference, readAnswer } from "./answer.ts";
import { element, referenceElement, typedElement, type Xml } from "./element.ts";
import { methodFault, VimFault } from "./fault.ts";
import type { Session } from "./session.ts";

export interface Retrieved {
  reference: Reference;
  /** By path; what the object does not have is left out. */
  properties: Record<string, unknown>;
}

/** The properties of one object. Throws VimFault: ObjectNotFound, NoPermission, SessionLost, … */
export async function readProperties(
  session: Session,
  reference: Reference,
  paths: readonly string[],
): Promise<Record<string, unknown>> {
  const [read] = await readEach(session, [reference], paths);
  if (read !== undefined) return read.properties;
  const what = `${reference.type} ${reference.value} at vCenter ${session.server}`;
  throw new VimFault("ObjectNotFound", `${what} does not exist, or the account may not see it.`);
}

/** The properties of several objects of one type. */
export async function readEach(
  session: Session,
  references: readonly Reference[],
  paths: readonly string[],
): Promise<Retrieved[]> {
  const [first] = references;
  if (first === undefined) return [];
  const objects = references.map((reference) => element("objectSet", [referenceElement("obj", reference)]));
  return await retrieve(session, [propertySet(first.type, paths), ...objects]);
}

/** The properties of every object of `type` in a folder and the folders below it. */
export async function readBelow(
  session: Session,
  folder: Reference,
  wanted: { type: string; paths: readonly string[] },
): Promise<Retrieved[]> {
  return await readTree(session, [folder], [wanted]);
}

/** The properties of every object of the types in several folders and the folders below them, in one call. */
export async function readTree(
  session: Session,
  folders: readonly Reference[],
  wanted: readonly { type: string; paths: readonly string[] }[],
): Promise<Retrieved[]> {
  if (folders.length === 0) return [];
  const types = wanted.map(({ type, paths }) => propertySet(type, paths));
  const objects = folders.map((folder, index) => {
    const name = element("name", `below${index}`);
    const children = [name, element("type", "Folder"), element("path", "childEntity"), element("skip", false)];
    const traversal = typedElement("selectSet", "TraversalSpec", [...children, element("selectSet", [name])]);
    return element("objectSet", [referenceElement("obj", folder), element("skip", false), traversal]);
  });
  return await retrieve(session, [...types, ...objects]);
}

/** The name and the parent of an object and of everything above it. */
export async function readAncestors(session: Session, reference: Reference): Promise<Retrieved[]> {
  const again = element("selectSet", [element("name", "above")]);
  const parents = [element("name", "above"), element("type", "ManagedEntity"), element("path", "parent")];
  const traversal = typedElement("selectSet", "TraversalSpec", [...parents, element("skip", false), again]);
  const objects = element("objectSet", [referenceElement("obj", reference), element("skip", false), traversal]);
  return await retrieve(session, [propertySet("ManagedEntity", ["name", "parent"]), objects]);
}

function propertySet(type: string, paths: readonly string[]): Xml {
  return element("propSet", [element("type", type), ...paths.map((path) => element("pathSet", path))]);
}

const Page = z
  .object({
    token: z.string().optional(),
    objects: listOf(
      z.object({
        obj: Reference,
        propSet: listOf(z.object({ name: z.string(), val: z.unknown().optional() })),
        missingSet: listOf(z.object({ path: z.string(), fault: z.unknown() })),
      }),
    ),
  })
  .or(z.literal("").transform(() => ({ token: undefined, objects: [] })));

/** What one answer may hold: parsing takes some 5 KB an object for a moment. vCenter may choose smaller pages. */
const pageSize = 5000;

async function retrieve(session: Session, filter: readonly Xml[]): Promise<Retrieved[]> {
  const on = session.content.propertyCollector;
  const fields = [element("specSet", filter), element("options", [element("maxObjects", pageSize)])];
  const found: Retrieved[] = [];
  let { value } = await session.call("RetrievePropertiesEx", { on, fields });
  for (;;) {
    const page = readAnswer(Page, value, `RetrievePropertiesEx at vCenter ${session.server}`);
    found.push(...page.objects.map((object) => retrieved(session, object)));
    if (page.token === undefined) return found;
    const next = await session.call("ContinueRetrievePropertiesEx", { on, fields: [element("token", page.token)] });
    value = next.value;
  }
}

type Read = Extract<z.output<typeof Page>, { objects: unknown }>["objects"][number];

function retrieved(session: Session, { obj, propSet, missingSet }: Read): Retrieved {
  for (const { path, fault } of missingSet) {
    const failure = methodFault(fault, `Property ${path} of ${obj.type} ${obj.value} at vCenter ${session.server}`);
    if (failure.fault !== "InvalidProperty") throw failure;
  }
  return { reference: obj, properties: Object.fromEntries(propSet.map(({ name, val }) => [name, val])) };
}
