// The preflight with the role of docs/vcenter-role.md: it is enough for all that is done, and each privilege of it is asked for.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cloneTemplate } from "../../controller/apply/clone-template.ts";
import { importTemplate } from "../../controller/apply/import-template.ts";
import { type Grant, role } from "../../controller/vsphere/role.ts";
import { readSnapshots } from "../../controller/vsphere/snapshot.ts";
import { attachedTags, findTag } from "../../controller/vsphere/tags.ts";
import { infrastructureName } from "../lab/topology.ts";
import { owner, placeOf, secureBootDescriptor, zoneA, zoneB } from "./engine-room.ts";
import {
  all,
  elsewhere,
  exact,
  openPreflightRoom,
  type PreflightRoom,
  poor,
  type Told,
  without,
} from "./preflight-room.ts";

let room: PreflightRoom;
beforeAll(async () => {
  room = await openPreflightRoom();
});
afterAll(() => room.close());

let number = 0;

function importAs(username: string, keep = all): Promise<Told> {
  number += 1;
  const release = `9.8-role-${number}`;
  const wanted = { ...room.room.request({ release, descriptor: secureBootDescriptor(release) }), keep };
  return room.as(username, (session, context) => importTemplate(session, wanted, context));
}

function cloneAs(username: string): Promise<Told> {
  number += 1;
  const { reference, image } = room.source;
  const place = placeOf(zoneB);
  const copy = { source: reference, image, owner, place, finalName: `clone-${number}`, keep: all };
  return room.as(username, (session, context) => cloneTemplate(session, copy, context));
}

describe("an account with exactly the role", () => {
  test.each([
    ["imports", importAs],
    ["clones", cloneAs],
  ] as const)("%s, with tag, hardware version and snapshot, and nothing is missed", async (_, make) => {
    const { notices, thrown, made } = await make(exact);
    expect(thrown).toBeUndefined();
    expect(notices.filter(({ type }) => type === "Warning")).toEqual([]);
    if (made === undefined) throw new Error("nothing was made");
    expect(await attachedTags(room.admin, made)).toEqual([(await findTag(room.admin, infrastructureName))?.id]);
    expect((await readSnapshots(room.admin, made)).tree).toMatchObject([{ name: "linked" }]);
  });
});

const needed = role.filter(({ purpose }) => ["both", "import", "clone"].includes(purpose));
const optional = role.filter((grant) => !needed.includes(grant));
const named = (grants: Grant[]) => [...new Map(grants.map((grant) => [grant.privilege, grant])).values()];

describe("an account that lacks", () => {
  test.each(named(needed))(
    "$privilege ($purpose): nothing is begun, and it is named",
    async ({ privilege, purpose }) => {
      const before = await room.inventory();
      const told = [
        ...(purpose === "clone" ? [] : [await importAs(without(privilege))]),
        ...(purpose === "import" ? [] : [await cloneAs(without(privilege))]),
      ];
      for (const { thrown } of told) {
        expect(thrown).toMatchObject({ name: "VimFault", reason: "NoPermission", fault: null });
        expect(String(thrown)).toContain(privilege);
        expect(String(thrown)).toContain(without(privilege));
      }
      expect(await room.inventory()).toEqual(before);
    },
  );

  test.each(named(optional))("$privilege ($purpose): the template is made, and it is said", async ({ privilege }) => {
    const { notices, made, thrown } = await importAs(without(privilege));
    expect(thrown).toBeUndefined();
    expect(made).toBeDefined();
    // Once for each object that lacks it, and not again when it is missed.
    const told = notices.filter(({ type, message }) => type === "Warning" && message.includes("lacks on "));
    expect(notices.filter(({ type }) => type === "Warning")).toEqual(told);
    expect(told.filter(({ message }) => message.includes(privilege))).not.toEqual([]);
    expect(new Set(told.map(({ message }) => message)).size).toBe(told.length);
  });

  test("what is not wanted is not told so", async () => {
    const { notices } = await importAs(without("VirtualMachine.State.CreateSnapshot"), { ...all, snapshots: [] });
    expect(notices.map(({ message }) => message).join()).not.toContain("CreateSnapshot");
  });

  test("everything: all of it is told at once, by object, and of the image no more is asked than its descriptor", async () => {
    const before = [room.room.downloads() + 1, await room.inventory()];
    const { thrown } = await importAs(poor);
    expect(thrown).toMatchObject({ reason: "NoPermission" });
    const { folder, datastore, resourcePool, network } = placeOf(zoneA);
    for (const object of [folder, datastore, resourcePool, network]) expect(String(thrown)).toContain(object);
    for (const { privilege, purpose } of needed) {
      if (purpose !== "clone") expect(String(thrown)).toContain(privilege);
    }
    expect([room.room.downloads(), await room.inventory()]).toEqual(before);
  });

  test("a privilege on one object: that object is named, and no other", async () => {
    const { thrown } = await importAs(elsewhere);
    expect(String(thrown)).toContain("datastore");
    expect(String(thrown)).toContain("Datastore.AllocateSpace");
    expect(String(thrown)).not.toMatch(/lacks on (folder|network|resource pool)/);
    expect((await cloneAs(elsewhere)).thrown).toBeUndefined();
  });
});
