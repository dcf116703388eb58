// The further places of a vCenter: cloned where a host can copy, else uploaded once more.
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import type { Notice } from "../../controller/apply/context.ts";
import type { MadeTemplate } from "../../controller/apply/finish-template.ts";
import { makeFurtherTemplate } from "../../controller/apply/further-template.ts";
import { type ImportTemplateRequest, importTemplate } from "../../controller/apply/import-template.ts";
import { diskBytes } from "../../controller/vsphere/devices.ts";
import { openSession, type Session } from "../../controller/vsphere/session.ts";
import { readTemplate } from "../../controller/vsphere/template.ts";
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
async function further(): Promise<MadeTemplate> {
  copies += 1;
  const place = placeOf(zoneB);
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

test("a clone whose disk has another size than its source's is removed", async () => {
  const before = await room.inventory();
  let cloned = false;
  recorder.interfere = (method) => {
    cloned ||= method === "CloneVM_Task";
    if (!cloned || method !== "RetrievePropertiesEx") return undefined;
    return { edit: (answer) => answer.replace(/<capacityInBytes>\d+</, "<capacityInBytes>1073741824<") };
  };
  await expect(further()).rejects.toMatchObject({ reason: "TemplateInvalid" });
  recorder.interfere = () => undefined;
  expect(await room.inventory()).toEqual(before);
});
