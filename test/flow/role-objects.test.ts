// The column "on" of docs/vcenter-role.md: each privilege is enough on the objects that the table names, and is missed there.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { cloneTemplate } from "../../controller/apply/clone-template.ts";
import type { Notice } from "../../controller/apply/context.ts";
import { importTemplate } from "../../controller/apply/import-template.ts";
import type { Kept } from "../../controller/decide/keep.ts";
import type { Reference } from "../../controller/vsphere/answer.ts";
import { findByPath } from "../../controller/vsphere/inventory.ts";
import { type Grant, type RoleObject, role } from "../../controller/vsphere/role.ts";
import { openSession, type Session } from "../../controller/vsphere/session.ts";
import { readSnapshots } from "../../controller/vsphere/snapshot.ts";
import { attachedTags, findTag } from "../../controller/vsphere/tags.ts";
import { destroy } from "../../controller/vsphere/template.ts";
import { datacenter, folder, infrastructureName } from "../lab/topology.ts";
import { accountsFlag, type VCenterAccount } from "../lab/vcenter-flags.ts";
import { type EngineRoom, openEngineRoom, owner, placeOf, secureBootDescriptor, zoneA, zoneB } from "./engine-room.ts";
import type { Recorder } from "./recorder.ts";

/** The objects of both zones, by the table's words. */
const paths: Record<RoleObject, string[]> = {
  vCenter: ["/"],
  folder: [folder],
  datastore: [zoneA.datastore, zoneB.datastore],
  "resource pool": [zoneA.resourcePool, zoneB.resourcePool],
  network: [zoneA, zoneB].map(({ network }) => `/${datacenter}/network/${network}`),
};

/** An account with what the rows of the table say, and nothing anywhere else. */
function account(username: string, rows: readonly Grant[]): VCenterAccount {
  const granted = rows.flatMap(({ privilege, on }) => paths[on].map((path) => ({ path, privileges: [privilege] })));
  return { username, password: "lab-password", privileges: [], granted };
}

const scoped = "scoped@vsphere.local";
const without = ({ privilege, on }: Grant) => `without-${privilege}-on-${on.replace(" ", "-")}@vsphere.local`;

/** What asks for every part of the role. */
const keep: Kept = {
  diskProvisioning: undefined,
  diskBytes: 2 ** 35,
  mostDiskBytes: null,
  hardware: 20,
  tagIDs: [],
  snapshots: ["linked"],
  notKept: [],
};

let room: EngineRoom;
let recorder: Recorder;
let source: { reference: Reference; image: ReturnType<EngineRoom["request"]>["image"] };
beforeAll(async () => {
  const others = role.map((row) =>
    account(
      without(row),
      role.filter((one) => one !== row),
    ),
  );
  room = await openEngineRoom(async (ground) => [await accountsFlag(ground, [account(scoped, role), ...others])]);
  recorder = await room.record();
  const wanted = room.request();
  const { reference } = await importTemplate(room.session, wanted, room.context);
  source = { reference, image: wanted.image };
});
afterAll(() => room.close());
beforeEach(() => {
  recorder.interfere = () => undefined;
});

interface Told {
  made: Reference | undefined;
  /** Of warnings and of the failure. */
  messages: string[];
}

type Work = (session: Session, context: EngineRoom["context"]) => Promise<{ reference: Reference }>;

async function as(username: string, work: Work): Promise<Told> {
  const messages: string[] = [];
  const onNotice = ({ type, message }: Notice) => void (type === "Warning" && messages.push(message));
  const session = await openSession({ ...room.access, url: recorder.url, username }, room.context);
  try {
    return { made: (await work(session, { ...room.context, onNotice })).reference, messages };
  } catch (thrown) {
    return { made: undefined, messages: [...messages, String(thrown)] };
  } finally {
    await session.close();
  }
}

let number = 0;
function newRequest() {
  number += 1;
  const release = `9.8-object-${number}`;
  return { ...room.request({ release, descriptor: secureBootDescriptor(release) }), keep };
}

const imports: Work = (session, context) => importTemplate(session, newRequest(), context);
const clones: Work = (session, context) => {
  number += 1;
  const copy = {
    ...source,
    source: source.reference,
    owner,
    place: placeOf(zoneB),
    finalName: `clone-${number}`,
    keep,
  };
  return cloneTemplate(session, copy, context);
};
/** What removes leftovers, and templates that nobody needs any more. */
const removes: Work = async (session) => {
  number += 1;
  const reference = await findByPath(room.session, await room.createVm(`leftover-${number}`));
  if (reference === null) throw new Error("no VM");
  await destroy(session, reference);
  return { reference };
};

describe("an account with each privilege on the objects of the table alone", () => {
  test.each([
    ["imports", imports],
    ["clones", clones],
  ] as const)("%s, with tag, hardware version and snapshot, and nothing is missed", async (_, work) => {
    const { made, messages } = await as(scoped, work);
    expect(messages).toEqual([]);
    if (made === undefined) throw new Error("nothing was made");
    expect(await attachedTags(room.session, made)).toEqual([(await findTag(room.session, infrastructureName))?.id]);
    expect((await readSnapshots(room.session, made)).tree).toMatchObject([{ name: "linked" }]);
  });

  test("removes", async () => {
    const before = await room.inventory();
    expect((await as(scoped, removes)).messages).toEqual([]);
    expect(await room.inventory()).toEqual(before);
  });
});

/** The lab's vCenter asks for it in CreateVM_Task alone; whether the real one does in an import, only that can tell. */
const unproved = ["VirtualMachine.Inventory.Create"];
const proved = role.filter(({ privilege }) => !unproved.includes(privilege));

describe("an account that lacks on its object", () => {
  test.each(role)("$privilege ($on): the preflight names that, and nothing else", async (row) => {
    const { messages } = await as(without(row), row.purpose === "clone" ? clones : imports);
    const lacking = messages.filter((message) => message.includes(" lacks on "));
    const named = new RegExp(` lacks on (the )?${row.on}[^:]*: ${row.privilege}\\. `);
    expect(lacking).toEqual([expect.stringMatching(named)]);
  });

  test.each(proved)("$privilege ($on): vCenter misses it, where it does not tell before", async (row) => {
    const untold = { fault: "InvalidArgument" };
    recorder.interfere = (method) => (method === "FetchUserPrivilegeOnEntities" ? untold : undefined);
    const cloning = row.purpose === "clone" ? clones : imports;
    const work = row.privilege === "VirtualMachine.Inventory.Delete" ? removes : cloning;
    const { messages } = await as(without(row), work);
    expect(messages).toEqual([expect.stringContaining(row.privilege)]);
  });
});
