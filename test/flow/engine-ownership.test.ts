// What is not ours, or not ours any more: whatever the engine does in the same folder, it stays as it is.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { cloneTemplate } from "../../controller/apply/clone-template.ts";
import { type ImportTemplateRequest, importTemplate } from "../../controller/apply/import-template.ts";
import { temporaryName } from "../../controller/apply/names.ts";
import { isOurs, type Owner } from "../../controller/apply/ownership.ts";
import { remove } from "../../controller/apply/removal.ts";
import { findByPath } from "../../controller/vsphere/inventory.ts";
import { readTemplate } from "../../controller/vsphere/template.ts";
import { infrastructureName as cluster, folder } from "../lab/topology.ts";
import { type EngineRoom, openEngineRoom, owner, placeOf, zoneA, zoneB } from "./engine-room.ts";

const other: Owner = { infrastructureName: "other-9zz8w", isMachine: () => false };
const workers = ["lab-worker-1", "lab-worker-2", "lab-worker-3"];

let room: EngineRoom;
/** The image that is imported beside what is foreign. */
let wanted: ImportTemplateRequest;
let foreign: string[];
/** An unfinished import of the other cluster. */
let leftover: string;
let before: Record<string, unknown>;
beforeAll(async () => {
  room = await openEngineRoom();
  const { govc } = room.vcenter;
  const parent = await importTemplate(room.session, room.request(), room.context);
  for (const worker of workers) await cloneWorker(parent.path, worker, "-on=true");
  await cloneWorker(parent.path, "lab-worker-off", "-on=false");
  wanted = room.request();
  await room.createVm(wanted.finalName);
  await room.createVm(temporaryName(cluster, wanted.finalName));
  const renamed = await importTemplate(room.session, room.request(), room.context);
  await govc("object.rename", renamed.path, "golden");
  const { finalName, ...rest } = room.request();
  const ofOther = await importTemplate(
    room.session,
    { ...rest, owner: other, finalName: `other-${finalName}` },
    room.context,
  );
  leftover = await leftoverOf(other.infrastructureName);
  foreign = [
    ...[...workers, "lab-worker-off", "golden"].map((name) => `${folder}/${name}`),
    `${folder}/${wanted.finalName}`,
    `${folder}/${temporaryName(cluster, wanted.finalName)}`,
    ofOther.path,
    leftover,
  ];
});
afterAll(() => room.close());
beforeEach(async () => {
  before = await portraits();
});

/** As the Machine API clones one: it inherits the markers. */
async function cloneWorker(template: string, name: string, power: string): Promise<void> {
  const where = [`-pool=${zoneA.resourcePool}`, `-ds=${zoneA.datastore}`, `-folder=${folder}`];
  await room.vcenter.govc("vm.clone", `-vm=${template}`, ...where, power, name);
  const facts = await readTemplate(room.session, (await findByPath(room.session, `${folder}/${name}`)) ?? fail(name));
  expect(facts.markers).toMatchObject({ cluster });
}

/** An unfinished import of another cluster, under a temporary name. */
async function leftoverOf(infrastructureName: string): Promise<string> {
  const [name, temp] = ["theirs", temporaryName(infrastructureName, "theirs")];
  const path = await room.createVm(temp);
  const markers = { cluster: infrastructureName, release: "9.8", sha256: "00", name, temp };
  const options = Object.entries(markers).map(([key, value]) => `-e=bootwarden.${key}=${value}`);
  await room.vcenter.govc("vm.change", `-vm=${path}`, ...options);
  return path;
}

function fail(name: string): never {
  throw new Error(`nothing at ${name}`);
}

const said = ["name", "parent", "config", "runtime.powerState"];

/** All that vCenter has to say of what is foreign: names, UUIDs, extraConfig, devices, power, the time of the last change. */
async function portraits(): Promise<Record<string, unknown>> {
  const portrait = async (path: string): Promise<unknown> =>
    JSON.parse(await room.vcenter.govc("object.collect", "-json", path, ...said), withoutSharedList);
  return Object.fromEntries(await Promise.all(foreign.map(async (path) => [path, await portrait(path)] as const)));
}

/** The simulator's virtual machines share one list of the keys of devices on a controller: it grows with each of them. */
function withoutSharedList(name: string, value: unknown): unknown {
  return name === "device" && Array.isArray(value) && typeof value[0] === "number" ? undefined : value;
}

test("the portraits show what counts", () => {
  expect(Object.keys(before)).toHaveLength(9);
  for (const worker of workers) {
    const text = JSON.stringify(before[`${folder}/${worker}`]);
    for (const part of ["bootwarden.cluster", "poweredOn", "instanceUuid", "changeVersion"])
      expect(text).toContain(part);
  }
});

describe("nothing foreign is touched by", () => {
  test("an import to a name that an admin has, through a temporary name that another has", async () => {
    const made = await importTemplate(room.session, wanted, room.context);
    expect(made).toMatchObject({ name: `${wanted.finalName}-2`, reused: false });
    const { markers } = await readTemplate(room.session, made.reference);
    expect(markers?.temp).toBe(`${temporaryName(cluster, wanted.finalName)}-2`);
    expect(await portraits()).toEqual(before);
  });

  test("an import that fails, and one that is interrupted", async () => {
    const request = room.request();
    const wrong = { ...request, image: { ...request.image, sha256: "00" }, finalName: wanted.finalName };
    await expect(importTemplate(room.session, wrong, room.context)).rejects.toMatchObject({
      reason: "ChecksumMismatch",
    });
    const stop = new AbortController();
    const context = { ...room.context, signal: stop.signal, onProgress: () => stop.abort() };
    await expect(importTemplate(room.session, room.request(), context)).rejects.toMatchObject({
      reason: "Interrupted",
    });
    expect(await portraits()).toEqual(before);
  });

  test("a clone", async () => {
    const { reference: source } = await importTemplate(room.session, wanted, room.context);
    const { image, finalName } = wanted;
    const copy = { source, image, owner, place: placeOf(zoneB), finalName: `${finalName}-b` };
    expect(await cloneTemplate(room.session, copy, room.context)).toMatchObject({ reused: false });
    expect(await portraits()).toEqual(before);
  });

  test("the same image imported for another cluster, which leaves ours alone, too", async () => {
    const ours = await importTemplate(room.session, wanted, room.context);
    const theirs = await importTemplate(room.session, { ...wanted, owner: other, finalName: "theirs-2" }, room.context);
    expect(theirs).toMatchObject({ name: "theirs-2", reused: false });
    expect(await readTemplate(room.session, ours.reference)).toMatchObject({ path: ours.path });
    foreign = foreign.filter((path) => path !== leftover);
    const { [leftover]: _, ...rest } = before;
    expect(await portraits()).toEqual(rest);
    expect(await findByPath(room.session, leftover)).toBeNull();
  });

  test("a removal", async () => {
    for (const path of foreign) {
      const reference = (await findByPath(room.session, path)) ?? fail(path);
      expect(await remove(room.session, reference, { mayGo: (facts) => isOurs(facts, owner) })).toBe(false);
    }
    expect(await portraits()).toEqual(before);
  });
});
