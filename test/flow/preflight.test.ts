// The preflight with the role of docs/vcenter-role.md: it is enough for all that is done, and each privilege of it is asked for.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cloneTemplate } from "../../controller/apply/clone-template.ts";
import type { Notice } from "../../controller/apply/context.ts";
import { importTemplate } from "../../controller/apply/import-template.ts";
import { preflight } from "../../controller/apply/preflight.ts";
import type { Kept } from "../../controller/decide/keep.ts";
import type { Reference } from "../../controller/vsphere/answer.ts";
import { resolvePlace } from "../../controller/vsphere/place.ts";
import { type Grant, role } from "../../controller/vsphere/role.ts";
import { openSession, type Session } from "../../controller/vsphere/session.ts";
import { readSnapshots } from "../../controller/vsphere/snapshot.ts";
import { attachedTags, findTag } from "../../controller/vsphere/tags.ts";
import { infrastructureName } from "../lab/topology.ts";
import { startVCenter, type VCenter } from "../lab/vcenter.ts";
import { type EngineRoom, openEngineRoom, owner, placeOf, secureBootDescriptor, zoneA, zoneB } from "./engine-room.ts";

const privileges = [...new Set(role.map(({ privilege }) => privilege))];
const password = "lab-password";
const exact = "exact@vsphere.local";
const without = (privilege: string) => `without-${privilege}@vsphere.local`;
const poor = "poor@vsphere.local";
const elsewhere = "elsewhere@vsphere.local";

/** What asks for every part of the role. */
const all: Kept = {
  diskProvisioning: undefined,
  diskBytes: 2 ** 30,
  mostDiskBytes: null,
  hardware: 20,
  tagIDs: [],
  snapshots: ["linked"],
  notKept: [],
};

let room: EngineRoom;
let vcenter: VCenter;
let admin: Session;
let source: { reference: Reference; image: ReturnType<EngineRoom["request"]>["image"] };

beforeAll(async () => {
  room = await openEngineRoom();
  const accounts = [
    { username: exact, password, privileges },
    ...privileges.map((one) => ({ username: without(one), password, privileges: privileges.filter((p) => p !== one) })),
    { username: poor, password, privileges: [] },
    { username: elsewhere, password, privileges, denied: [{ name: "ds-a", privileges: ["Datastore.AllocateSpace"] }] },
  ];
  const file = join(room.ground.directory, "accounts.json");
  await writeFile(file, JSON.stringify(accounts), { mode: 0o600 });
  vcenter = await startVCenter(room.ground, { name: "vcenter-of-roles", flags: [`--accounts=${file}`] });
  admin = await openSession({ ...room.access, url: vcenter.url }, room.context);
  const wanted = room.request();
  const { reference } = await importTemplate(admin, wanted, room.context);
  source = { reference, image: wanted.image };
});
afterAll(async () => {
  await admin.close();
  await room.close();
});

interface Told {
  notices: Notice[];
  thrown: unknown;
  made: Reference | undefined;
}

/** Does the work as an account, and logs out. */
async function as(
  username: string,
  work: (session: Session, context: EngineRoom["context"]) => Promise<{ reference: Reference }>,
): Promise<Told> {
  const notices: Notice[] = [];
  const context = { ...room.context, onNotice: (notice: Notice) => void notices.push(notice) };
  const session = await openSession({ ...room.access, url: vcenter.url, username, password }, room.context);
  try {
    return { notices, thrown: undefined, made: (await work(session, context)).reference };
  } catch (thrown) {
    return { notices, thrown, made: undefined };
  } finally {
    await session.close();
  }
}

let number = 0;

function importAs(username: string, keep = all): Promise<Told> {
  number += 1;
  const release = `9.8-role-${number}`;
  const wanted = { ...room.request({ release, descriptor: secureBootDescriptor(release) }), keep };
  return as(username, (session, context) => importTemplate(session, wanted, context));
}

function cloneAs(username: string): Promise<Told> {
  number += 1;
  const { reference, image } = source;
  const place = placeOf(zoneB);
  const copy = { source: reference, image, owner, place, finalName: `clone-${number}`, keep: all };
  return as(username, (session, context) => cloneTemplate(session, copy, context));
}

async function inventory(): Promise<string> {
  return (await vcenter.govc("find", "/", "-type", "m")) + (await vcenter.govc("find", "-i", "/", "-type", "m"));
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
    expect(await attachedTags(admin, made)).toEqual([(await findTag(admin, infrastructureName))?.id]);
    expect((await readSnapshots(admin, made)).tree).toMatchObject([{ name: "linked" }]);
  });
});

const needed = role.filter(({ purpose }) => ["both", "import", "clone"].includes(purpose));
const optional = role.filter((grant) => !needed.includes(grant));
const named = (grants: Grant[]) => [...new Map(grants.map((grant) => [grant.privilege, grant])).values()];

describe("an account that lacks", () => {
  test.each(named(needed))(
    "$privilege ($purpose): nothing is begun, and it is named",
    async ({ privilege, purpose }) => {
      const before = [room.downloads(), await inventory()];
      const told = [
        ...(purpose === "clone" ? [] : [await importAs(without(privilege))]),
        ...(purpose === "import" ? [] : [await cloneAs(without(privilege))]),
      ];
      for (const { thrown } of told) {
        expect(thrown).toMatchObject({ name: "VimFault", reason: "NoPermission", fault: null });
        expect(String(thrown)).toContain(privilege);
        expect(String(thrown)).toContain(without(privilege));
      }
      expect([room.downloads(), await inventory()]).toEqual(before);
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

  test("everything: all of it is told at once, by object, and no byte is downloaded", async () => {
    const before = [room.downloads(), await inventory()];
    const { thrown } = await importAs(poor);
    expect(thrown).toMatchObject({ reason: "NoPermission" });
    const { folder, datastore, resourcePool, network } = placeOf(zoneA);
    for (const object of [folder, datastore, resourcePool, network]) expect(String(thrown)).toContain(object);
    for (const { privilege, purpose } of needed) {
      if (purpose !== "clone") expect(String(thrown)).toContain(privilege);
    }
    expect([room.downloads(), await inventory()]).toEqual(before);
  });

  test("a privilege on one object: that object is named, and no other", async () => {
    const { thrown } = await importAs(elsewhere);
    expect(String(thrown)).toContain("datastore");
    expect(String(thrown)).toContain("Datastore.AllocateSpace");
    expect(String(thrown)).not.toMatch(/lacks on (folder|network|resource pool)/);
    expect((await cloneAs(elsewhere)).thrown).toBeUndefined();
  });
});

describe("datastore and host", () => {
  const fits = { fileBytes: 1, capacityBytes: 2 ** 30, diskProvisioning: "thin", hardware: 15 } as const;
  const huge = { capacityBytes: 2 ** 60, diskProvisioning: "thick" } as const;
  const check = async (username: string, image: Parameters<typeof preflight>[1]["image"]) =>
    (
      await as(username, async (session, context) => {
        const place = await resolvePlace(session, placeOf(zoneA));
        await preflight(session, { step: "import", place, named: placeOf(zoneA), image }, context);
        return { reference: place.folder };
      })
    ).thrown;

  test.each([
    ["both fit", exact, fits, undefined],
    ["a thin disk of a large capacity", exact, { ...fits, capacityBytes: 2 ** 60 }, undefined],
    ["no room for a thick disk", exact, { ...fits, ...huge }, { reason: "DatastoreFull" }],
    ["hardware of tomorrow", exact, { ...fits, hardware: 99 }, { reason: "HardwareNotSupported" }],
    ["both do not", exact, { ...fits, ...huge, hardware: 99 }, { reason: "PreflightFailed" }],
    ["nor has the account the right", elsewhere, { ...fits, ...huge, hardware: 99 }, { reason: "PreflightFailed" }],
  ] as const)("%s", async (...row) => {
    const [, username, image, failure] = row;
    const thrown = await check(username, image);
    if (failure === undefined) return expect(thrown).toBeUndefined();
    expect(thrown).toMatchObject(failure);
  });

  test("all findings are in one message", async () => {
    const thrown = await check(elsewhere, { ...fits, ...huge, hardware: 99 });
    for (const part of ["Datastore.AllocateSpace", "make room", "vmx-99"]) expect(String(thrown)).toContain(part);
  });
});
