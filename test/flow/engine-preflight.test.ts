// The preflight in the vSphere engine: what cannot come to a good end is not begun.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { cloneTemplate } from "../../controller/apply/clone-template.ts";
import { importTemplate } from "../../controller/apply/import-template.ts";
import { openSession, type Session } from "../../controller/vsphere/session.ts";
import { descriptorOf } from "../lab/ova.ts";
import { type EngineRoom, openEngineRoom, owner, placeOf, zoneB } from "./engine-room.ts";
import type { Recorder } from "./recorder.ts";

let room: EngineRoom;
let recorder: Recorder;
let session: Session;
beforeAll(async () => {
  room = await openEngineRoom();
  recorder = await room.record();
  session = await openSession({ ...room.access, url: recorder.url }, room.context);
});
afterAll(async () => {
  await session.close();
  await room.close();
});
beforeEach(() => {
  recorder.interfere = () => undefined;
  recorder.requests.length = 0;
});

const changes = ["ImportVApp", "CloneVM_Task", "Destroy_Task", "Rename_Task", "MarkAsTemplate"];

/** Lets vCenter's properties tell of that many free bytes. */
function freeSpace(bytes: number): void {
  const free = /(<name>summary\.freeSpace<\/name><val[^>]*>)\d+/g;
  recorder.interfere = (method) =>
    method === "RetrievePropertiesEx" ? { edit: (answer) => answer.replace(free, `$1${bytes}`) } : undefined;
}

async function expectNothingBegun(downloads: number): Promise<void> {
  expect(room.downloads()).toBe(downloads);
  expect(recorder.methods().filter((method) => changes.includes(method))).toEqual([]);
}

test("a full datastore: of the image no more is asked than its descriptor", async () => {
  const downloads = room.downloads() + 1;
  freeSpace(1000);
  await expect(importTemplate(session, room.request(), room.context)).rejects.toMatchObject({
    reason: "DatastoreFull",
  });
  await expectNothingBegun(downloads);
});

test("a datastore that is too small for a thick disk: no byte of the disk is sent", async () => {
  const downloads = room.downloads();
  freeSpace(10 * 2 ** 30);
  const thick = { ...room.request(), diskProvisioning: "thick" } as const;
  await expect(importTemplate(session, thick, room.context)).rejects.toMatchObject({ reason: "DatastoreFull" });
  await expectNothingBegun(downloads + 1);
});

test("an image that asks for hardware that no host has: no byte of the disk is sent", async () => {
  const downloads = room.downloads();
  const release = "9.8-tomorrow";
  const descriptor = descriptorOf({ release, diskBytes: 3_000_000 }).replace("vmx-19", "vmx-99");
  await expect(importTemplate(session, room.request({ release, descriptor }), room.context)).rejects.toMatchObject({
    reason: "HardwareNotSupported",
  });
  await expectNothingBegun(downloads + 1);
});

test("a full datastore: nothing is cloned", async () => {
  const wanted = room.request();
  const { reference: source } = await importTemplate(session, wanted, room.context);
  recorder.requests.length = 0;
  const downloads = room.downloads();
  freeSpace(1000);
  const copy = { source, image: wanted.image, owner, place: placeOf(zoneB), finalName: "no-room" };
  await expect(cloneTemplate(session, copy, room.context)).rejects.toMatchObject({ reason: "DatastoreFull" });
  await expectNothingBegun(downloads);
});
