// Every request that the engine makes, held against the schema of vim25: vCenter refuses what the simulator lets pass.
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFurtherTemplate } from "../../controller/apply/further-template.ts";
import { importTemplate } from "../../controller/apply/import-template.ts";
import { applyKept } from "../../controller/apply/keep.ts";
import { preflight } from "../../controller/apply/preflight.ts";
import { readKept } from "../../controller/apply/read-kept.ts";
import { templateReference } from "../../controller/apply/template-reference.ts";
import type { Kept } from "../../controller/decide/keep.ts";
import { element } from "../../controller/vsphere/element.ts";
import { findByPath } from "../../controller/vsphere/inventory.ts";
import { lookAtInventory } from "../../controller/vsphere/inventory-look.ts";
import { lookAtPlace } from "../../controller/vsphere/place.ts";
import { openSession, type Session } from "../../controller/vsphere/session.ts";
import { fieldsBehindExtraConfig } from "../../controller/vsphere/splice.ts";
import { runTask } from "../../controller/vsphere/task.ts";
import { destroy } from "../../controller/vsphere/template.ts";
import { operations } from "../../controller/vsphere/wsdl.ts";
import { datacenter } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { type EngineRoom, openEngineRoom, placeOf, secureBootDescriptor, zoneB } from "./engine-room.ts";
import { readVimSchema, type VimSchema } from "./vim-schema.ts";

let room: EngineRoom;
let schema: VimSchema;
beforeAll(async () => {
  [room, schema] = await Promise.all([openEngineRoom(["--page-size=2"]), readVimSchema()]);
});
afterAll(() => room.close());

test("what stands behind extraConfig is what the API has there", () => {
  const names = schema.fields("VirtualMachineConfigSpec").map((field) => field.name);
  expect(fieldsBehindExtraConfig).toEqual(names.slice(names.indexOf("extraConfig") + 1));
});

test("requests have the API's fields, in its order, with the types it wants", async () => {
  const recorder = await room.record();
  const session = await openSession({ ...room.access, url: recorder.url }, { ...room.context, idleMilliseconds: 200 });
  const [named, release] = [placeOf(zoneB), "9.8-recorded"];
  const seen = await lookAtPlace(session, named);
  const image = { fileBytes: 1, capacityBytes: 1, diskProvisioning: undefined, hardware: 15 };
  await preflight(session, { step: "clone", seen, named, needs: image }, room.context);
  const wanted = room.request({ release, descriptor: secureBootDescriptor(release), diskBytes: 3_000_000 });
  // Long enough for a word to the lease.
  await room.vcenter.control.fault({ method: "POST /nfc/", afterBytes: 1_000_000, delayMs: 2_500 });
  const made = await importTemplate(session, { ...wanted, diskProvisioning: "thin" }, room.context);
  const copy = { ...wanted, source: made.reference, place: placeOf(zoneB), finalName: "copy", keep: asThick };
  const cloned = await makeFurtherTemplate(session, copy, room.context);
  await templateReference(session, datacenter, cloned);
  await destroy(session, cloned.reference);
  await keepAll(session, made.path);
  const datacenters = [`/${datacenter}`];
  await lookAtInventory(session, { datacenters, folders: new Map(), interest: () => [made.reference] });
  const broken = room.request();
  const wrong = { ...broken, image: { ...broken.image, sha256: "00" } };
  await expect(importTemplate(session, wrong, room.context)).rejects.toThrow();
  const renaming = { on: made.reference, fields: [element("newName", "left-alone")] };
  const left = runTask(session, ["Rename_Task", renaming], { what: "Renaming", milliseconds: 0 });
  await expect(left).rejects.toMatchObject({ reason: "TimedOut" });
  const kept = async () => recorder.methods().includes("CurrentTime");
  await until({ what: "A call that keeps the session", signal: room.context.signal }, kept);
  await session.close();

  expect(recorder.faults).toEqual([]);
  const methods = new Set(recorder.methods());
  expect(operations.filter((operation) => !methods.has(operation))).toEqual([]);

  // The whole of extraConfig, in whatever it is a part of, has the Ignition secrets of live nodes: it is read by key.
  const paths = recorder.requests.flatMap((request) =>
    [...request.matchAll(/<pathSet[^>]*>([^<]*)</g)].map(([, path = ""]) => path.replaceAll("&quot;", '"')),
  );
  expect(paths).toContain('config.extraConfig["bootwarden.cluster"]');
  const isKey = (path: string) => /^config\.extraConfig\["bootwarden\.\w+"\]$/.test(path);
  const secret = (path: string) => path === "config" || (path.startsWith("config.extraConfig") && !isKey(path));
  expect(paths.filter(secret)).toEqual([]);
  expect(recorder.requests.filter((request) => /<all>\s*(true|1)\s*</.test(request))).toEqual([]);
});

const asThick: Kept = {
  diskProvisioning: "eagerZeroedThick",
  diskBytes: null,
  mostDiskBytes: null,
  hardware: null,
  tagIDs: [],
  snapshots: [],
  notKept: [],
};

async function keepAll(session: Session, present: string): Promise<void> {
  const provider = { template: present, workspace: { datacenter }, networkName: "", cloneMode: "linkedClone" };
  const template = { diskProvisioning: "Auto", snapshot: "Auto" } as const;
  const kept = await readKept(session, { template, providers: [provider] });
  const path = await room.createVm("successor");
  await room.vcenter.govc("vm.disk.create", `-vm=${path}`, "-ds=ds-a", "-name=successor/root", "-size=1G");
  const successor = await findByPath(session, path);
  if (successor === null) throw new Error("no VM");
  const name = "successor";
  await applyKept(session, successor, { ...room.context, kept: { ...kept, hardware: 21, diskBytes: 2 ** 32 }, name });
}
