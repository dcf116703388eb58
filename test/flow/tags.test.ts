// The tags of objects, over the REST session of a real vCenter simulator.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Reference } from "../../controller/vsphere/answer.ts";
import { findByPath } from "../../controller/vsphere/inventory.ts";
import { attachedTags, attachTag, findTag } from "../../controller/vsphere/tags.ts";
import { folder } from "../lab/topology.ts";
import { type EngineRoom, openEngineRoom } from "./engine-room.ts";

let room: EngineRoom;
let vm: Reference;
beforeAll(async () => {
  room = await openEngineRoom();
  vm = await referenceOf(await room.createVm("tagged"));
});
afterAll(() => room.close());

async function referenceOf(path: string): Promise<Reference> {
  const found = await findByPath(room.session, path);
  if (found === null) throw new Error(`${path} is not there`);
  return found;
}

async function makeTag(category: string, name: string): Promise<string> {
  await room.vcenter.govc("tags.category.create", category).catch(() => undefined);
  return (await room.vcenter.govc("tags.create", "-c", category, name)).trim();
}

test("a tag that was not made is none; an object may have none", async () => {
  expect(await findTag(room.session, "lab-other")).toBeNull();
  expect(await attachedTags(room.session, vm)).toEqual([]);
});

test("the tag of the installer's category is taken, wherever else the name occurs", async () => {
  for (const category of ["billing", "zz", "openshift-one"]) await makeTag(category, "one");
  const found = await findTag(room.session, "one");
  expect(found).toMatchObject({ name: "one", id: expect.stringMatching(/^urn:vmomi:InventoryServiceTag:.*:GLOBAL$/) });
  expect(await room.vcenter.govc("tags.category.info", "openshift-one")).toContain(found?.categoryId);
});

test("a tag of another category is taken where the installer's has none; a part of a name is none", async () => {
  await room.vcenter.govc("tags.category.create", "openshift-two");
  const id = await makeTag("billing", "two");
  expect(await findTag(room.session, "two")).toMatchObject({ id, name: "two" });
  expect(await findTag(room.session, "tw")).toBeNull();
  expect(await findTag(room.session, "Two")).toBeNull();
});

test("a tag on an object near is taken before all others", async () => {
  const id = await makeTag("near", "three");
  await makeTag("openshift-three", "three");
  await room.vcenter.govc("tags.attach", id, folder);
  const near = [await referenceOf(folder)];
  expect((await findTag(room.session, "three", near))?.id).toBe(id);
});

test("attaching twice is attaching once", async () => {
  const id = await makeTag("billing", "four");
  await attachTag(room.session, id, vm);
  await attachTag(room.session, id, vm);
  expect(await attachedTags(room.session, vm)).toEqual([id]);
  expect(await room.vcenter.govc("tags.attached.ls", "four")).toContain(vm.value);
});

test("a tag that does not exist is named", async () => {
  const id = "urn:vmomi:InventoryServiceTag:../../session:GLOBAL";
  await expect(attachTag(room.session, id, vm)).rejects.toMatchObject({
    name: "VimFault",
    reason: "ObjectNotFound",
    message: expect.stringContaining(id),
  });
});
