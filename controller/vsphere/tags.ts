// The tags of objects: by the cluster's tag, `openshift-install destroy cluster` finds what belongs to it.
import { z } from "zod";
import { failureOf } from "../../common/failure.ts";
import { type Reference, readAnswer } from "./answer.ts";
import { VimFault } from "./fault.ts";
import type { RestCall } from "./rest-line.ts";
import type { Session } from "./session.ts";

const Tag = z
  .object({ id: z.string(), name: z.string(), category_id: z.string() })
  .transform(({ id, name, category_id }) => ({ id, name, categoryId: category_id }));
/** `id` is such as `urn:vmomi:InventoryServiceTag:<uuid>:GLOBAL`. */
export type Tag = z.output<typeof Tag>;

/** The API has no search by name: each tag is read. */
const readLimit = 5_000;
const sideBySide = 8;

/**
 * The tag of exactly this name; null if there is none. It is looked for on the objects `near` first, then in the category
 * `openshift-<name>`, where the installer puts the cluster's tag, then everywhere. Throws VimFault; TooManyTags beyond 5,000.
 */
export async function findTag(session: Session, name: string, near: readonly Reference[] = []): Promise<Tag | null> {
  const attached = await Promise.all(near.map((reference) => attachedTags(session, reference)));
  const isNamed = (tag: Tag) => tag.name === name;
  const close = await firstOf([...new Set(attached.flat())], (id) => readTag(session, id), isNamed);
  if (close !== null) return close;
  const categories = await list(session, { method: "GET", path: "tagging/category", what: "The tag categories" });
  const category = await firstOf(
    categories,
    (id) => readCategory(session, id),
    (one) => one.name === `openshift-${name}`,
  );
  const usual = category === null ? null : await findIn(session, category.id, isNamed);
  if (usual !== null) return usual;
  const all = await list(session, { method: "GET", path: "tagging/tag", what: "The tags" });
  return await firstOf(all, (id) => readTag(session, id), isNamed);
}

async function findIn(session: Session, category: string, wanted: (tag: Tag) => boolean): Promise<Tag | null> {
  const path = `tagging/tag/${idPath(category)}?~action=list-tags-for-category`;
  const ids = await list(session, { method: "POST", path, what: `The tags of category ${category}` });
  return await firstOf(ids, (id) => readTag(session, id), wanted);
}

/**
 * Attaches a tag; once more does nothing. Throws VimFault: NoPermission, ObjectNotFound (no such tag or object), VCenterFault (the
 * tag's category does not take such objects, or no second tag).
 */
export async function attachTag(session: Session, tagId: string, reference: Reference): Promise<void> {
  await session.rest({
    method: "POST",
    path: `tagging/tag-association/${idPath(tagId)}?~action=attach`,
    body: { object_id: { id: reference.value, type: reference.type } },
    what: `Attaching tag ${tagId} to ${reference.value}`,
    remedy:
      "Give the vCenter account the privileges InventoryService.Tagging.AttachTag on the vCenter and InventoryService.Tagging.ObjectAttachable on the folder.",
  });
}

/** Identifiers of an object's tags. Throws VimFault. */
export async function attachedTags(session: Session, reference: Reference): Promise<string[]> {
  return await list(session, {
    method: "POST",
    path: "tagging/tag-association?~action=list-attached-tags",
    body: { object_id: { id: reference.value, type: reference.type } },
    what: `The tags of ${reference.value}`,
  });
}

const Identifiers = z
  .array(z.string())
  .nullish()
  .transform((ids) => ids ?? []);
const Category = z.object({ id: z.string(), name: z.string() });

async function list(session: Session, call: RestCall): Promise<string[]> {
  return readAnswer(Identifiers, await session.rest(call), `${call.what} at vCenter ${session.server}`);
}

async function readTag(session: Session, id: string): Promise<Tag> {
  const what = `Tag ${id}`;
  const read = await session.rest({ method: "GET", path: `tagging/tag/${idPath(id)}`, what });
  return readAnswer(Tag, read, `${what} at vCenter ${session.server}`);
}

async function readCategory(session: Session, id: string): Promise<z.output<typeof Category>> {
  const what = `Tag category ${id}`;
  const read = await session.rest({ method: "GET", path: `tagging/category/${idPath(id)}`, what });
  return readAnswer(Category, read, `${what} at vCenter ${session.server}`);
}

/** The first that is wanted, in the order of the identifiers. What is gone or hidden since it was listed is passed over. */
async function firstOf<Each>(
  ids: readonly string[],
  read: (id: string) => Promise<Each>,
  wanted: (each: Each) => boolean,
): Promise<Each | null> {
  for (let at = 0; at < Math.min(ids.length, readLimit); at += sideBySide) {
    const some = await Promise.all(ids.slice(at, at + sideBySide).map((id) => read(id).catch(passOver)));
    const found = some.find((each) => each !== null && wanted(each));
    if (found !== undefined) return found;
  }
  if (ids.length <= readLimit) return null;
  const remedy = "Attach the cluster's tag to its VM folder, where it is looked for first.";
  throw new VimFault("TooManyTags", `Among the first ${readLimit} of ${ids.length} tags is not the one. ${remedy}`);
}

function passOver(thrown: unknown): null {
  const { reason } = failureOf(thrown);
  if (reason === "ObjectNotFound" || reason === "NoPermission") return null;
  throw thrown;
}

/** Tag identifiers come from provider specs, too: whatever they are, they stay one part of the path. */
function idPath(id: string): string {
  return `id:${encodeURIComponent(id).replaceAll("%3A", ":")}`;
}
