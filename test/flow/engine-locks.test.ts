// What the vSphere engine does with a virtual machine of ours that vCenter holds locked.
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { type ImportTemplateRequest, importTemplate } from "../../controller/apply/import-template.ts";
import { temporaryName } from "../../controller/apply/names.ts";
import { isOurs } from "../../controller/apply/ownership.ts";
import { remove } from "../../controller/apply/removal.ts";
import { findByPath } from "../../controller/vsphere/inventory.ts";
import { openSession, type Session } from "../../controller/vsphere/session.ts";
import { readTemplate, type TemplateFacts } from "../../controller/vsphere/template.ts";
import { infrastructureName as cluster, folder } from "../lab/topology.ts";
import { type EngineRoom, openEngineRoom, owner } from "./engine-room.ts";
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

/** Leaves an unfinished import; resolves with its path. */
async function unfinished(wanted: ImportTemplateRequest): Promise<string> {
  killAt(recorder, "MarkAsTemplate", "cut");
  await expect(importTemplate(session, wanted, room.context)).rejects.toThrow();
  recorder.interfere = () => undefined;
  recorder.requests.length = 0;
  return `${folder}/${temporaryOf(wanted)}`;
}

function lockedThrice(): void {
  const left = ["FileLocked", "TaskInProgress", "InvalidState"];
  recorder.interfere = (method) => {
    const fault = method === "Destroy_Task" ? left.shift() : undefined;
    return fault === undefined ? undefined : { fault };
  };
}

const temporaryOf = (wanted: ImportTemplateRequest) => temporaryName(cluster, wanted.finalName);
const temporaryNames = async () => (await room.inventory()).filter((line) => line.includes("bootwarden-import-"));

test("of an earlier run does not hold up the import, and is removed in the end", async () => {
  const wanted = room.request();
  await unfinished(wanted);
  lockedThrice();
  const made = await importTemplate(session, wanted, room.context);
  expect((await readTemplate(session, made.reference)).markers?.temp).toBe(`${temporaryOf(wanted)}-2`);
  expect(recorder.methods().filter((method) => method === "Destroy_Task")).toHaveLength(4);
  expect(await temporaryNames()).toEqual([]);
});

test("of a failed run is removed in the end", async () => {
  const wanted = room.request();
  const before = await room.inventory();
  lockedThrice();
  const locking = recorder.interfere;
  recorder.interfere = (method) => (method === "MarkAsTemplate" ? { fault: "InvalidPowerState" } : locking(method));
  await expect(importTemplate(session, wanted, room.context)).rejects.toMatchObject({ fault: "InvalidPowerState" });
  expect(await room.inventory()).toEqual(before);
});

test("that cannot be removed at all does not stand in the way of a template", async () => {
  const wanted = room.request();
  const temporary = await unfinished(wanted);
  recorder.interfere = (method) => (method === "Destroy_Task" ? { fault: "InaccessibleDatastore" } : undefined);
  expect(await importTemplate(session, wanted, room.context)).toMatchObject({ name: wanted.finalName });
  expect(await findByPath(session, temporary)).not.toBeNull();
  recorder.interfere = () => undefined;
  await importTemplate(session, room.request(), room.context);
  expect(await temporaryNames()).toEqual([]);
});

describe("of an earlier run that is gone is no failure, and nothing to tell of:", () => {
  const warnings = () => {
    const warn = vi.spyOn(room.context.log, "warn");
    onTestFinished(() => warn.mockRestore());
    return warn;
  };

  test("vCenter says so of its removal", async () => {
    const wanted = room.request();
    const temporary = await unfinished(wanted);
    const warn = warnings();
    recorder.interfere = (method) => (method === "Destroy_Task" ? { fault: "ManagedObjectNotFound" } : undefined);
    expect(await importTemplate(session, wanted, room.context)).toMatchObject({ name: wanted.finalName });
    expect(recorder.methods().filter((method) => method === "Destroy_Task")).toHaveLength(1);
    expect(warn).not.toHaveBeenCalled();
    await room.vcenter.govc("vm.destroy", temporary);
  });

  // Of each look there are two requests: for its properties, and for what is above it.
  test.each([
    ["between the list and the look", 1],
    ["between the look and the removal", 3],
    ["after the last look", 5],
  ])("somebody has destroyed it %s", async (_, when) => {
    const wanted = room.request();
    const temporary = await unfinished(wanted);
    const { value } = (await findByPath(room.session, temporary)) ?? { value: "none" };
    const warn = warnings();
    const naming: string[] = [];
    recorder.interfere = async (method) => {
      if (!recorder.requests.at(-1)?.includes(`>${value}<`)) return undefined;
      if (naming.push(method) === when) await room.vcenter.govc("vm.destroy", temporary);
      return undefined;
    };
    const made = await importTemplate(session, wanted, room.context);
    expect(made).toMatchObject({ name: wanted.finalName, reused: false });
    expect(naming.length).toBeGreaterThanOrEqual(when);
    expect(naming.includes("Destroy_Task")).toBe(when === 5);
    expect(warn).not.toHaveBeenCalled();
    expect((await readTemplate(session, made.reference)).markers?.temp).toBe(temporaryOf(wanted));
    expect(await temporaryNames()).toEqual([]);
  });
});

test("is looked at anew before each try: what somebody has started meanwhile stays", async () => {
  const wanted = room.request();
  const temporary = await unfinished(wanted);
  const reference = (await findByPath(session, temporary)) ?? { type: "none", value: "none" };
  let starting: Promise<unknown> = Promise.resolve();
  recorder.interfere = (method) => {
    if (method !== "Destroy_Task") return undefined;
    starting = room.vcenter.govc("vm.power", "-on", temporary);
    return { fault: "FileLocked" };
  };
  const mayGo = (facts: TemplateFacts) => isOurs(facts, owner);
  expect(await remove(session, reference, { mayGo })).toBe(false);
  await starting;
  expect(await findByPath(session, temporary)).toEqual(reference);
  await room.vcenter.govc("vm.destroy", temporary);
});

test("of a failed run that has got its final name meanwhile, from another controller, stays", async () => {
  const wanted = room.request();
  const path = `${folder}/${wanted.finalName}`;
  let naming: Promise<unknown> = Promise.resolve();
  recorder.interfere = (method) => {
    if (method === "MarkAsTemplate") return { fault: "InvalidPowerState" };
    if (method !== "Destroy_Task") return undefined;
    naming = room.vcenter.govc("object.rename", `${folder}/${temporaryOf(wanted)}`, wanted.finalName);
    return { fault: "FileLocked" };
  };
  await expect(importTemplate(session, wanted, room.context)).rejects.toMatchObject({ fault: "InvalidPowerState" });
  await naming;
  expect(recorder.methods().filter((method) => method === "Destroy_Task")).toHaveLength(1);
  expect(await findByPath(session, path)).not.toBeNull();
  await room.vcenter.govc("vm.destroy", path);
});

test("is left to the next run when we are asked to stop", async () => {
  const wanted = room.request();
  const stop = new AbortController();
  recorder.interfere = (method) => {
    if (method === "MarkAsTemplate") return { fault: "InvalidPowerState" };
    if (method !== "Destroy_Task") return undefined;
    stop.abort();
    return { fault: "FileLocked" };
  };
  const context = { ...room.context, signal: stop.signal };
  await expect(importTemplate(session, wanted, context)).rejects.toMatchObject({ fault: "InvalidPowerState" });
  expect(await temporaryNames()).not.toEqual([]);
  recorder.interfere = () => undefined;
  await importTemplate(session, wanted, room.context);
  expect(await temporaryNames()).toEqual([]);
});
