// What the vSphere engine finds of earlier runs: taken up if it is finished, else removed, however locked it is.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { cloneTemplate } from "../../controller/apply/clone-template.ts";
import { type ImportTemplateRequest, importTemplate } from "../../controller/apply/import-template.ts";
import { temporaryName } from "../../controller/apply/names.ts";
import { findByPath } from "../../controller/vsphere/inventory.ts";
import { openSession, type Session } from "../../controller/vsphere/session.ts";
import { readTemplate } from "../../controller/vsphere/template.ts";
import { infrastructureName as cluster, folder } from "../lab/topology.ts";
import { type EngineRoom, openEngineRoom, owner, placeOf, zoneA, zoneB } from "./engine-room.ts";
import { killAt, type Recorder } from "./recorder.ts";

let room: EngineRoom;
let recorder: Recorder;
let session: Session;
beforeAll(async () => {
  room = await openEngineRoom();
  recorder = await room.record();
  session = await openSession({ ...room.access, url: recorder.url }, room.context);
});
afterAll(async () => {
  recorder.interfere = () => undefined;
  await session.close();
  await room.close();
});
beforeEach(() => {
  recorder.interfere = () => undefined;
  recorder.requests.length = 0;
});

async function killed(wanted: ImportTemplateRequest, method: string, how: "cut" | "cut after"): Promise<void> {
  killAt(recorder, method, how);
  await expect(importTemplate(session, wanted, room.context)).rejects.toThrow();
  recorder.interfere = () => undefined;
  recorder.requests.length = 0;
}

const at = (name: string) => `${folder}/${name}`;
const temporaryOf = (wanted: ImportTemplateRequest) => temporaryName(cluster, wanted.finalName);
const temporaryNames = async () => (await room.inventory()).filter((line) => line.includes("bootwarden-import-"));

describe("an import that was killed", () => {
  test.each<[string, "cut" | "cut after"]>([
    ["MarkAsTemplate", "cut after"],
    ["Rename_Task", "cut"],
  ])("right after %s (%s): it is finished, and gets its name only", async (method, how) => {
    const wanted = room.request();
    await killed(wanted, method, how);
    const temporary = await findByPath(session, at(temporaryOf(wanted)));
    const downloads = room.downloads();
    const made = await importTemplate(session, wanted, room.context);
    expect(made).toMatchObject({ name: wanted.finalName, reference: temporary, reused: false, bytes: 0 });
    expect(room.downloads()).toBe(downloads);
    expect(recorder.methods()).not.toContain("ImportVApp");
    expect(await readTemplate(session, made.reference)).toMatchObject({ isTemplate: true, name: wanted.finalName });
    expect(await temporaryNames()).toEqual([]);
  });

  test("right after its name was given: it is found", async () => {
    const wanted = room.request();
    await killed(wanted, "Rename_Task", "cut after");
    expect(await importTemplate(session, wanted, room.context)).toMatchObject({
      name: wanted.finalName,
      reused: true,
    });
    expect(await temporaryNames()).toEqual([]);
  });

  test("a failure of its last step alone does not throw the whole import away", async () => {
    const wanted = room.request();
    recorder.interfere = (method) => (method === "Rename_Task" ? { fault: "HostCommunication" } : undefined);
    await expect(importTemplate(session, wanted, room.context)).rejects.toMatchObject({ fault: "HostCommunication" });
    recorder.interfere = () => undefined;
    expect(await importTemplate(session, wanted, room.context)).toMatchObject({ reused: false, bytes: 0 });
    expect(await temporaryNames()).toEqual([]);
  });

  test.each(["ImportVApp", "HttpNfcLeaseGetManifest", "HttpNfcLeaseComplete", "MarkAsTemplate"])(
    "at %s: it is removed, and made anew",
    async (method) => {
      const wanted = room.request();
      await killed(wanted, method, method === "ImportVApp" ? "cut after" : "cut");
      expect(await temporaryNames()).not.toEqual([]);
      const made = await importTemplate(session, wanted, room.context);
      expect(made).toMatchObject({ name: wanted.finalName, reused: false });
      expect(made.bytes).toBeGreaterThan(0);
      expect(await temporaryNames()).toEqual([]);
    },
  );

  test("after its mark, and the image was replaced since: it is removed, and made anew", async () => {
    const first = room.request();
    await killed(first, "Rename_Task", "cut");
    const { release } = first.image;
    const second = {
      ...room.request({ release, diskBytes: 2_000_000 }),
      finalName: first.finalName,
    };
    const made = await importTemplate(session, second, room.context);
    expect((await readTemplate(session, made.reference)).markers?.sha256).toBe(second.image.sha256);
    expect(await temporaryNames()).toEqual([]);
  });

  test("after its mark, and somebody took its name since: another is made, under the next name", async () => {
    const wanted = room.request();
    await killed(wanted, "Rename_Task", "cut");
    await room.createVm(wanted.finalName);
    const made = await importTemplate(session, wanted, room.context);
    expect(made).toMatchObject({ name: `${wanted.finalName}-2`, reused: false });
    expect(await temporaryNames()).toEqual([]);
  });

  test("after its mark: a step of another place leaves it to its own step, but not one of another image", async () => {
    const ofOther = room.request();
    await killed(ofOther, "Rename_Task", "cut");
    const source = await importTemplate(session, room.request(), room.context);
    expect(await temporaryNames()).toEqual([]);
    const { image } = room.request({ release: source.release });
    const copy = { source: source.reference, image, owner, place: placeOf(zoneB), finalName: `copy-${source.release}` };
    killAt(recorder, "Rename_Task", "cut");
    await expect(cloneTemplate(session, copy, room.context)).rejects.toThrow();
    recorder.interfere = () => undefined;
    await cloneTemplate(session, { ...copy, finalName: `beside-${source.release}` }, room.context);
    expect(await temporaryNames()).not.toEqual([]);
    recorder.requests.length = 0;
    expect(await cloneTemplate(session, copy, room.context)).toMatchObject({ name: copy.finalName, reused: false });
    expect(recorder.methods()).not.toContain("CloneVM_Task");
    expect(await temporaryNames()).toEqual([]);
  });
});

describe("a clone that was killed", () => {
  test.each(["CloneVM_Task", "MarkAsTemplate"])("at %s: it is removed, and made anew", async (method) => {
    const wanted = room.request();
    const { reference: source } = await importTemplate(session, wanted, room.context);
    const { image } = wanted;
    const copy = { source, image, owner, place: placeOf(zoneB), finalName: `killed-${image.release}` };
    killAt(recorder, method, method === "CloneVM_Task" ? "cut after" : "cut");
    await expect(cloneTemplate(session, copy, room.context)).rejects.toThrow();
    recorder.interfere = () => undefined;
    expect(await temporaryNames()).not.toEqual([]);
    expect(await cloneTemplate(session, copy, room.context)).toMatchObject({ name: copy.finalName, reused: false });
    expect(await temporaryNames()).toEqual([]);
  });
});

test("what is being made beside it is no leftover", async () => {
  const held = Promise.withResolvers<void>();
  const [one, other] = [room.request(), room.request({ hold: held.promise })];
  const making = new Set<string>();
  const context = { ...room.context, making };
  const { reference: source } = await importTemplate(session, one, context);
  const { image } = one;
  const copy = { source, image, owner, place: placeOf(zoneA), finalName: `beside-${image.release}` };
  const begun = Promise.withResolvers<void>();
  const importing = importTemplate(session, other, { ...context, onProgress: () => begun.resolve() });
  await begun.promise;
  await cloneTemplate(session, copy, context);
  held.resolve();
  expect(await importing).toMatchObject({ name: other.finalName, reused: false });
  expect(making.size).toBe(0);
  expect(await temporaryNames()).toEqual([]);
});
