// What a new template keeps of the present one for linked clones: the snapshot, and a disk as large as they have now.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cloneTemplate } from "../../controller/apply/clone-template.ts";
import type { Context, Notice } from "../../controller/apply/context.ts";
import { makeFurtherTemplate } from "../../controller/apply/further-template.ts";
import { readKept } from "../../controller/apply/read-kept.ts";
import { requireFit } from "../../controller/apply/require-fit.ts";
import { readTraits } from "../../controller/vsphere/traits.ts";
import { owner, placeOf, zoneB } from "./engine-room.ts";
import { gibibyte, type KeepStage, linked, openKeepStage, policy, provider } from "./keep-stage.ts";

let stage: KeepStage;
beforeAll(async () => {
  stage = await openKeepStage();
});
afterAll(() => stage.close());

describe("a template for linked clones", () => {
  test("has the present one's hardware, disk and snapshot before it is a template, and says what it lacks", async () => {
    const from = stage.recorder.requests.length;
    const { made, wanted, told } = await stage.importFor([linked, provider()]);
    expect(await readTraits(stage.session, made.reference)).toMatchObject({
      diskProvisioning: "eagerZeroedThick",
      diskBytes: 40 * gibibyte,
      hardware: 21,
      snapshots: { hasCurrent: true, tree: [{ name: "root" }] },
    });
    const steps = ["UpgradeVM_Task", "ReconfigVM_Task", "CreateSnapshot_Task", "MarkAsTemplate", "Rename_Task"];
    expect(
      stage.recorder
        .methods()
        .slice(from)
        .filter((method) => steps.includes(method)),
    ).toEqual(steps);
    expect(told).toEqual([expect.stringMatching(new RegExp(`^NotKept Template ${made.name} .* golden has: `))]);
    expect(told[0]).toContain("the permissions of LAB\\auditor.");
    await stage.fits(made, linked);
    await stage.fits(made, provider());

    const copy = { ...wanted, source: made.reference, owner, place: placeOf(zoneB), finalName: "thick-copy" };
    const cloned = await cloneTemplate(stage.session, copy, stage.room.context);
    expect(await readTraits(stage.session, cloned.reference)).toMatchObject({
      diskBytes: 40 * gibibyte,
      hardware: 21,
      snapshots: { tree: [{ name: "root" }] },
    });
  });

  test("has a snapshot of ours where none is named, and several where several are", async () => {
    const unnamed = provider({ cloneMode: "linkedClone", snapshot: "" });
    const { made } = await stage.importFor([unnamed]);
    expect((await readTraits(stage.session, made.reference)).snapshots).toMatchObject({
      hasCurrent: true,
      tree: [{ name: "bootwarden" }],
    });
    await stage.fits(made, unnamed);
    const other = { ...linked, snapshot: "a-base" };
    const several = await stage.importFor([linked, other, unnamed]);
    for (const one of [linked, other, unnamed]) await stage.fits(several.made, one);
    await expect(stage.fits(several.made, { ...linked, snapshot: "third" })).rejects.toMatchObject({
      reason: "SnapshotMissing",
    });
  });

  test("without the right to make snapshots serves full clones only", async () => {
    await stage.asSnapless(async (session) => {
      const { made, told } = await stage.importFor([linked, provider()], policy, session);
      const notice = /^SnapshotNotAllowed .*CreateSnapshot.* linkedClone MachineSets are not moved\.$/;
      expect(told.filter((one) => one.includes("Snapshot"))).toEqual([expect.stringMatching(notice)]);
      expect(await readTraits(session, made.reference)).toMatchObject({ hardware: 21, snapshots: { tree: [] } });
      await stage.fits(made, provider(), session);
      await expect(stage.fits(made, linked, session)).rejects.toMatchObject({
        reason: "SnapshotNotAllowed",
        message: expect.stringContaining(`Template ${made.path} of vCenter`),
      });
      await expect(stage.fits(made, linked)).rejects.toMatchObject({ reason: "SnapshotMissing" });
    });
  });

  test("of a disk that may not be grown has no snapshot", async () => {
    const { made, told } = await stage.refusing("ReconfigVM_Task", "NoPermission", () => stage.importFor([linked]));
    expect(told[0]).toMatch(/^DiskNotGrown /);
    await expect(stage.fits(made, linked)).rejects.toMatchObject({ reason: "SnapshotMissing" });
  });

  test("is refused to full clones that want a smaller disk", async () => {
    const { made } = await stage.importFor([linked]);
    await expect(stage.fits(made, provider({ diskGiB: 39 }))).rejects.toMatchObject({
      reason: "DiskTooLarge",
      message: expect.stringContaining("40 GiB, the MachineSet wants 39"),
    });
    await stage.fits(made, provider({ diskGiB: 40 }));
  });
});

test("a place that wants a smaller disk gets no clone of a grown one, but an image of its own", async () => {
  const { made, wanted } = await stage.importFor([linked]);
  const keep = await readKept(stage.session, { template: policy, providers: [provider({ diskGiB: 30 })] });
  const further = { ...wanted, keep, source: made.reference, place: placeOf(zoneB), finalName: "small" };
  const notices: Notice[] = [];
  const context: Context = { ...stage.room.context, onNotice: (notice) => notices.push(notice) };
  const small = await makeFurtherTemplate(stage.session, further, context);
  expect(small.bytes).toBeGreaterThan(0);
  expect(notices[0]).toMatchObject({ reason: "ClonedByUpload", message: expect.stringContaining("42949672960 bytes") });
  await stage.fits(small, provider({ diskGiB: 30 }));
  const clone = { ...further, keep: { ...keep, mostDiskBytes: 40 * gibibyte }, finalName: "large-enough" };
  expect(await makeFurtherTemplate(stage.session, clone, context)).toMatchObject({ bytes: 0 });
});

test("the policy Never makes no snapshot: who names none gets full clones, who names one stays", async () => {
  const { made } = await stage.importFor([linked], { ...policy, snapshot: "Never" });
  const need = { policy: "Never", path: made.path } as const;
  expect((await readTraits(stage.session, made.reference)).snapshots.tree).toEqual([]);
  await requireFit(stage.session, made.reference, { ...need, provider: { ...linked, snapshot: "" } });
  // As a linked clone it needed no size; as a full clone it would fail.
  const unsized = { ...linked, snapshot: "", diskGiB: undefined };
  await expect(requireFit(stage.session, made.reference, { ...need, provider: unsized })).rejects.toMatchObject({
    reason: "DiskTooLarge",
  });
  await expect(requireFit(stage.session, made.reference, { ...need, provider: linked })).rejects.toMatchObject({
    reason: "SnapshotMissing",
  });
});
