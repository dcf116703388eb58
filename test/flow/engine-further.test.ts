// The further places of a vCenter: cloned where a host can copy, else uploaded once more.
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Notice } from "../../controller/apply/context.ts";
import type { MadeTemplate } from "../../controller/apply/finish-template.ts";
import { makeFurtherTemplate } from "../../controller/apply/further-template.ts";
import { type ImportTemplateRequest, importTemplate } from "../../controller/apply/import-template.ts";
import { temporaryName } from "../../controller/apply/names.ts";
import type { Reference } from "../../controller/vsphere/answer.ts";
import { diskBytes } from "../../controller/vsphere/devices.ts";
import { findByPath } from "../../controller/vsphere/inventory.ts";
import { readProperties } from "../../controller/vsphere/properties.ts";
import { openSession, type Session } from "../../controller/vsphere/session.ts";
import { readTemplate } from "../../controller/vsphere/template.ts";
import { infrastructureName as cluster, folder } from "../lab/topology.ts";
import { type EngineRoom, openEngineRoom, placeOf, zoneA, zoneB } from "./engine-room.ts";
import type { Recorder } from "./recorder.ts";

let room: EngineRoom;
let recorder: Recorder;
let session: Session;
let wanted: ImportTemplateRequest;
let source: MadeTemplate;
let notices: Notice[];
beforeAll(async () => {
  room = await openEngineRoom();
  recorder = await room.record();
  session = await openSession({ ...room.access, url: recorder.url }, room.context);
  wanted = room.request();
  source = await importTemplate(session, wanted, room.context);
});
afterAll(async () => {
  await session.close();
  await room.close();
});
beforeEach(() => {
  notices = [];
  recorder.interfere = () => undefined;
  recorder.requests.length = 0;
});

let copies = 0;
async function further(place = placeOf(zoneB)): Promise<MadeTemplate> {
  copies += 1;
  const request = { ...wanted, place, finalName: `further-${copies}`, source: source.reference };
  const onNotice = (notice: Notice) => notices.push(notice);
  const made = await makeFurtherTemplate(session, request, { ...room.context, onNotice });
  expect(await diskBytes(session, made.reference)).toEqual(await diskBytes(session, source.reference));
  const { markers, isTemplate } = await readTemplate(session, made.reference);
  expect({ markers, isTemplate }).toMatchObject({ isTemplate: true, markers: { name: request.finalName } });
  notices = notices.filter(({ reason }) => reason !== "ClusterTagMissing");
  return made;
}

const uploaded = { type: "Normal", reason: "ClonedByUpload", message: expect.any(String) };

test("a place that a host can copy to gets a clone", async () => {
  const downloads = room.downloads();
  expect(await further()).toMatchObject({ bytes: 0, reused: false });
  expect(notices).toEqual([]);
  expect(room.downloads()).toBe(downloads);
  expect(recorder.methods()).not.toContain("ImportVApp");
});

test("a place that none can copy to gets an upload, and that is said", async () => {
  const hosts = (await room.vcenter.govc("find", zoneA.cluster, "-type", "h")).trim().split("\n");
  for (const host of hosts) await room.vcenter.govc("host.disconnect", host);
  onTestFinished(async () => {
    for (const host of hosts) await room.vcenter.govc("host.reconnect", host);
  });
  expect((await further()).bytes).toBeGreaterThan(0);
  expect(notices).toEqual([uploaded]);
  expect(recorder.methods()).not.toContain("CloneVM_Task");
});

test("where vCenter finds only in the clone that none can, too", async () => {
  recorder.interfere = (method) => (method === "CloneVM_Task" ? { fault: "NoCompatibleHost" } : undefined);
  expect((await further()).bytes).toBeGreaterThan(0);
  expect(notices).toEqual([uploaded]);
});

test("a clone that fails of something else is not made good by an upload", async () => {
  recorder.interfere = (method) => (method === "CloneVM_Task" ? { fault: "NoPermission" } : undefined);
  await expect(further()).rejects.toMatchObject({ reason: "NoPermission" });
  expect(recorder.methods()).not.toContain("ImportVApp");
});

interface Edit {
  what: RegExp;
  by: string;
  /** Of the failure that follows. */
  message: RegExp;
}

/** Once vCenter was asked for `method`, what is read of it is edited: the VM is refused for that. */
async function refused(method: string, { what, by, message }: Edit): Promise<void> {
  let asked = false;
  recorder.interfere = (called) => {
    asked ||= called === method;
    if (!asked || called !== "RetrievePropertiesEx") return undefined;
    return { edit: (answer) => answer.replace(what, by) };
  };
  await expect(further()).rejects.toMatchObject({ reason: "TemplateInvalid", message: expect.stringMatching(message) });
  expect(recorder.methods()).toContain(method);
}

const inventoryPaths = async () => (await room.inventory()).filter((line) => line.startsWith("/"));
const temporaryPath = (into: string) => `${into}/${temporaryName(cluster, `further-${copies}`)}`;

const otherRelease: Edit = {
  what: /(?<=<name>summary\.config\.product\.version<\/name><val[^>]*>)[^<]*/,
  by: "0.0",
  message: /its product version is 0\.0, not /,
};

describe("a clone that is not what was asked for is not marked:", () => {
  test.each<[string, Edit]>([
    [
      "another disk than its source's",
      { what: /(?<=<capacityInBytes>)\d+/, by: "1073741824", message: /has disks of 1073741824 bytes/ },
    ],
    ["another product version", otherRelease],
    [
      "another marker",
      {
        what: /(?<=<key>bootwarden\.release<\/key><value[^>]*>)[^<]*/,
        by: "0.0",
        message: /its markers are not those that were given \(release,[^;]*\)/,
      },
    ],
  ])("%s, and it is removed", async (_, edit) => {
    const before = await room.inventory();
    await refused("CloneVM_Task", edit);
    expect(recorder.methods()).not.toContain("MarkAsTemplate");
    expect(await room.inventory()).toEqual(before);
  });

  test("powered on, and it is left to whoever has started it", async () => {
    const before = await inventoryPaths();
    await refused("CloneVM_Task", { what: /poweredOff/, by: "poweredOn", message: /it is powered on/ });
    for (const method of ["MarkAsTemplate", "Destroy_Task"]) expect(recorder.methods()).not.toContain(method);
    expect(await inventoryPaths()).toEqual([...before, temporaryPath(folder)].toSorted());
    await room.vcenter.govc("vm.destroy", temporaryPath(folder));
  });
});

test.each<[string, Edit]>([
  ["of another release", otherRelease],
  [
    "no template any more",
    {
      what: /(?<=<name>config\.template<\/name><val[^>]*>)true/,
      by: "false",
      message: /it is no template of that name/,
    },
  ],
  [
    "under another name",
    { what: /(?<=<name>name<\/name><val[^>]*>)further-\d+/, by: "renamed", message: /it is no template of that name/ },
  ],
])("a template that is %s after its renaming is not given out, and stays", async (_, edit) => {
  const before = await inventoryPaths();
  await refused("Rename_Task", edit);
  expect(await inventoryPaths()).toEqual([...before, `${folder}/further-${copies}`].toSorted());
});

test("a clone stands in the folder, the pool and on the host of its place, and is off until it is marked", async () => {
  const place = { ...placeOf(zoneB), folder: "/dc-east/vm/elsewhere", resourcePool: `${zoneB.cluster}/Resources/own` };
  await room.vcenter.govc("folder.create", place.folder);
  await room.vcenter.govc("pool.create", place.resourcePool);
  const look = async () => {
    const vm = await findByPath(room.session, temporaryPath(place.folder));
    return vm === null ? null : await readProperties(room.session, vm, standing);
  };
  let unmarked: Awaited<ReturnType<typeof look>> = null;
  recorder.interfere = async (method) => {
    if (method === "MarkAsTemplate") unmarked = await look();
    return undefined;
  };
  const made = await further(place);
  const [folderThere, pool, computeCluster] = await Promise.all(
    [place.folder, place.resourcePool, zoneB.cluster].map((path) => findByPath(room.session, path)),
  );
  const host = hostOfClone();
  expect(await readProperties(room.session, host, ["parent"])).toEqual({ parent: computeCluster });
  const there = { parent: folderThere, "runtime.host": host, "runtime.powerState": "poweredOff" };
  expect(unmarked).toEqual({ ...there, resourcePool: pool });
  // A template is in no pool.
  expect(await readProperties(room.session, made.reference, standing)).toEqual(there);
});

const standing = ["parent", "resourcePool", "runtime.host", "runtime.powerState"];

/** The host in our request for the clone. */
function hostOfClone(): Reference {
  const asked = recorder.requests.find((request) => request.includes("CloneVM_Task")) ?? "";
  return { type: "HostSystem", value: /<host type="HostSystem">([^<]+)</.exec(asked)?.[1] ?? "none" };
}
