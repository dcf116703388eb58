// What a new template keeps of the present one, from reading it to the finished template, against the lab's vCenter.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cloneTemplate } from "../../controller/apply/clone-template.ts";
import type { Context, Notice } from "../../controller/apply/context.ts";
import { importTemplate } from "../../controller/apply/import-template.ts";
import { readKept } from "../../controller/apply/read-kept.ts";
import { requireFit } from "../../controller/apply/require-fit.ts";
import type { KeepInput } from "../../controller/decide/keep.ts";
import type { VSphereProvider } from "../../controller/decide/machine-set.ts";
import type { Reference } from "../../controller/vsphere/answer.ts";
import { findByPath } from "../../controller/vsphere/inventory.ts";
import { openSession, type Session } from "../../controller/vsphere/session.ts";
import { attachedTags } from "../../controller/vsphere/tags.ts";
import { readTraits } from "../../controller/vsphere/traits.ts";
import { datacenter, folder } from "../lab/topology.ts";
import { type EngineRoom, openEngineRoom, owner, placeOf, zoneA, zoneB } from "./engine-room.ts";
import { type Interference, type Recorder, startRecorder } from "./recorder.ts";

const gibibyte = 2 ** 30;
const policy: KeepInput["template"] = { diskProvisioning: "Auto", snapshot: "Auto" };

let room: EngineRoom;
let recorder: Recorder;
let session: Session;
beforeAll(async () => {
  room = await openEngineRoom();
  recorder = await startRecorder(room.ground, room.access.url);
  session = await openSession({ ...room.access, url: recorder.url }, room.context);
  const golden = await presentTemplate("golden", "-thick", "-eager");
  await room.vcenter.govc("permissions.set", "-principal=LAB\\auditor", "-role=ReadOnly", golden);
});
afterAll(async () => {
  await session.close();
  await room.close();
});

/** A template as an admin makes one: a disk of 40 GiB, hardware version 21, a snapshot. */
async function presentTemplate(name: string, ...layout: string[]): Promise<string> {
  const { govc } = room.vcenter;
  const path = await room.createVm(name);
  const disk = [`-ds=${zoneA.datastore}`, `-name=${name}/root`, "-size=40G", ...layout];
  await govc("vm.disk.create", `-vm=${path}`, ...disk);
  await govc("vm.upgrade", `-vm=${path}`, "-version=21");
  await govc("snapshot.create", `-vm=${path}`, "-m=false", "root");
  await govc("vm.markastemplate", path);
  return path;
}

function provider(own: Partial<VSphereProvider> = {}): VSphereProvider {
  return { template: "golden", workspace: { datacenter }, networkName: "", diskGiB: 120, ...own };
}

const linked = provider({ cloneMode: "linkedClone", snapshot: "root" });

/** Imports a template that keeps what MachineSets have; resolves with it and what was told. */
async function importFor(providers: VSphereProvider[], template = policy, by = session) {
  const notices: Notice[] = [];
  const context: Context = { ...room.context, onNotice: (notice) => notices.push(notice) };
  const wanted = { ...room.request(), keep: await readKept(by, { template, providers }) };
  const made = await importTemplate(by, wanted, context);
  return { made, wanted, told: notices.map(({ reason, message }) => `${reason} ${message}`) };
}

/** While `work` goes on the method is answered by a fault. */
async function refusing<Result>(refused: string, fault: string, work: () => Promise<Result>): Promise<Result> {
  const answer = (method: string): Interference | undefined => (method === refused ? { fault } : undefined);
  recorder.interfere = answer;
  return await work().finally(() => {
    recorder.interfere = () => undefined;
  });
}

async function fits(template: { reference: Reference; path: string }, of: VSphereProvider): Promise<void> {
  await requireFit(session, template.reference, { provider: of, policy: policy.snapshot, path: template.path });
}

describe("a template for linked clones", () => {
  test("has the present one's hardware, disk and snapshot before it is a template, and says what it lacks", async () => {
    const from = recorder.requests.length;
    const { made, wanted, told } = await importFor([linked, provider()]);
    expect(await readTraits(session, made.reference)).toMatchObject({
      diskProvisioning: "eagerZeroedThick",
      diskBytes: 40 * gibibyte,
      hardware: 21,
      snapshots: { hasCurrent: true, tree: [{ name: "root" }] },
    });
    const steps = ["UpgradeVM_Task", "ReconfigVM_Task", "CreateSnapshot_Task", "MarkAsTemplate", "Rename_Task"];
    expect(
      recorder
        .methods()
        .slice(from)
        .filter((method) => steps.includes(method)),
    ).toEqual(steps);
    expect(told).toEqual([expect.stringMatching(new RegExp(`^NotKept Template ${made.name} .* golden has: `))]);
    expect(told[0]).toContain("the permissions of LAB\\auditor.");
    await fits(made, linked);
    await fits(made, provider());

    const copy = { ...wanted, source: made.reference, owner, place: placeOf(zoneB), finalName: "thick-copy" };
    const cloned = await cloneTemplate(session, copy, room.context);
    expect(await readTraits(session, cloned.reference)).toMatchObject({
      diskBytes: 40 * gibibyte,
      hardware: 21,
      snapshots: { tree: [{ name: "root" }] },
    });
  });

  test("has a snapshot of ours where none is named, and several where several are", async () => {
    const unnamed = provider({ cloneMode: "linkedClone", snapshot: "" });
    const { made } = await importFor([unnamed]);
    expect((await readTraits(session, made.reference)).snapshots).toMatchObject({
      hasCurrent: true,
      tree: [{ name: "bootwarden" }],
    });
    await fits(made, unnamed);
    const other = { ...linked, snapshot: "a-base" };
    const several = await importFor([linked, other, unnamed]);
    for (const one of [linked, other, unnamed]) await fits(several.made, one);
    await expect(fits(several.made, { ...linked, snapshot: "third" })).rejects.toMatchObject({
      reason: "SnapshotMissing",
    });
  });

  test("without the right to make snapshots serves full clones only", async () => {
    const { made, told } = await refusing("CreateSnapshot_Task", "NoPermission", () => importFor([linked, provider()]));
    expect(told[0]).toMatch(/^SnapshotNotAllowed .* snapshot root; linkedClone MachineSets are not moved to it: /);
    await fits(made, provider());
    await expect(fits(made, linked)).rejects.toMatchObject({
      reason: "SnapshotMissing",
      message: expect.stringContaining(`Template ${made.path} of vCenter`),
    });
  });

  test("of a disk that may not be grown has no snapshot", async () => {
    const { made, told } = await refusing("ReconfigVM_Task", "NoPermission", () => importFor([linked]));
    expect(told[0]).toMatch(/^DiskNotGrown /);
    await expect(fits(made, linked)).rejects.toMatchObject({ reason: "SnapshotMissing" });
  });

  test("is refused to full clones that want a smaller disk", async () => {
    const { made } = await importFor([linked]);
    await expect(fits(made, provider({ diskGiB: 39 }))).rejects.toMatchObject({
      reason: "DiskTooLarge",
      message: expect.stringContaining("40 GiB, the MachineSet wants 39"),
    });
    await fits(made, provider({ diskGiB: 40 }));
  });
});

describe("the tags of the provider spec", () => {
  test("are attached; one that does not exist is told of", async () => {
    const { govc } = room.vcenter;
    await govc("tags.category.create", "-m", "order");
    const [first = "", second = ""] = [
      await govc("tags.create", "-c=order", "one"),
      await govc("tags.create", "-c=order", "two"),
    ];
    const tagIDs = [first.trim(), second.trim()];
    const unknown = "urn:vmomi:InventoryServiceTag:11111111-2222-3333-4444-555555555555:GLOBAL";
    const all = [provider({ tagIDs }), provider({ tagIDs: [...tagIDs, unknown, "../../session"] })];
    // Past the recorder, which knows SOAP only.
    const { made, told } = await importFor(all, policy, room.session);
    expect((await attachedTags(room.session, made.reference)).toSorted()).toEqual(tagIDs.toSorted());
    const named = new RegExp(`^TagNotAttached Template ${made.name} has not the tag (\\S+) of the provider spec: `);
    const missed = told.flatMap((one) => named.exec(one)?.[1] ?? []);
    expect(missed.toSorted()).toEqual(["../../session", unknown]);
  });
});

describe("a template for full clones", () => {
  test("gets neither snapshot nor larger disk", async () => {
    const { made } = await importFor([provider()]);
    const { snapshots, diskBytes } = await readTraits(session, made.reference);
    expect(snapshots.tree).toEqual([]);
    expect(diskBytes).toBeLessThan(40 * gibibyte);
  });

  test("is laid out as the policy says", async () => {
    const { made } = await importFor([provider()], { ...policy, diskProvisioning: "Thin" });
    expect((await readTraits(session, made.reference)).diskProvisioning).toBe("thin");
  });

  test("keeps its image's hardware where the host is too old for the present one's", async () => {
    const { made, told } = await refusing("UpgradeVM_Task", "NotSupported", () => importFor([provider()]));
    expect(told[0]).toMatch(/^HardwareNotRaised .* vmx-21: /);
    expect((await readTraits(session, made.reference)).hardware).not.toBe(21);
  });
});

test("the policy Never makes no snapshot: who names none gets full clones, who names one stays", async () => {
  const { made } = await importFor([linked], { ...policy, snapshot: "Never" });
  const need = { policy: "Never", path: made.path } as const;
  expect((await readTraits(session, made.reference)).snapshots.tree).toEqual([]);
  await requireFit(session, made.reference, { ...need, provider: { ...linked, snapshot: "" } });
  // As a linked clone it needed no size; as a full clone it would fail.
  const unsized = { ...linked, snapshot: "", diskGiB: undefined };
  await expect(requireFit(session, made.reference, { ...need, provider: unsized })).rejects.toMatchObject({
    reason: "DiskTooLarge",
  });
  await expect(requireFit(session, made.reference, { ...need, provider: linked })).rejects.toMatchObject({
    reason: "SnapshotMissing",
  });
});

test("of a present template that is gone or not the only one of its name there is nothing to keep", async () => {
  const elsewhere = `/${datacenter}/vm/elsewhere`;
  await room.vcenter.govc("folder.create", elsewhere);
  await room.createVm("twin");
  await room.vcenter.govc("object.rename", await room.createVm("sibling", elsewhere), "twin");
  const providers = [provider({ template: "gone" }), provider({ template: "twin" })];
  const kept = await readKept(session, { template: policy, providers });
  expect(kept).toMatchObject({ diskProvisioning: undefined, hardware: null, notKept: [] });
  expect(await findByPath(session, `${folder}/twin`)).not.toBeNull();
});
