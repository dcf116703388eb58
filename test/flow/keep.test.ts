// What a new template keeps of the present one for whatever clones: its disk's layout, hardware version and tags.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readKept } from "../../controller/apply/read-kept.ts";
import { findByPath } from "../../controller/vsphere/inventory.ts";
import { attachedTags } from "../../controller/vsphere/tags.ts";
import { readTraits } from "../../controller/vsphere/traits.ts";
import { datacenter, folder } from "../lab/topology.ts";
import { gibibyte, type KeepStage, openKeepStage, policy, provider } from "./keep-stage.ts";

let stage: KeepStage;
beforeAll(async () => {
  stage = await openKeepStage();
});
afterAll(() => stage.close());

describe("a template for full clones", () => {
  test("gets neither snapshot nor larger disk", async () => {
    const { made } = await stage.importFor([provider()]);
    const { snapshots, diskBytes } = await readTraits(stage.session, made.reference);
    expect(snapshots.tree).toEqual([]);
    expect(diskBytes).toBeLessThan(40 * gibibyte);
  });

  test("is laid out as the policy says", async () => {
    const { made } = await stage.importFor([provider()], { ...policy, diskProvisioning: "Thin" });
    expect((await readTraits(stage.session, made.reference)).diskProvisioning).toBe("thin");
  });

  test("keeps its image's hardware where the host is too old for the present one's", async () => {
    const { made, told } = await stage.refusing("UpgradeVM_Task", "NotSupported", () => stage.importFor([provider()]));
    expect(told[0]).toMatch(/^HardwareNotRaised .* vmx-21: /);
    expect((await readTraits(stage.session, made.reference)).hardware).not.toBe(21);
  });
});

describe("the tags of the provider spec", () => {
  test("are attached; one that does not exist is told of", async () => {
    const { govc } = stage.room.vcenter;
    await govc("tags.category.create", "-m", "order");
    const [first = "", second = ""] = [
      await govc("tags.create", "-c=order", "one"),
      await govc("tags.create", "-c=order", "two"),
    ];
    const tagIDs = [first.trim(), second.trim()];
    const unknown = "urn:vmomi:InventoryServiceTag:11111111-2222-3333-4444-555555555555:GLOBAL";
    const all = [provider({ tagIDs }), provider({ tagIDs: [...tagIDs, unknown, "../../session"] })];
    const { made, told } = await stage.importFor(all, policy, stage.room.session);
    expect(await attachedTags(stage.room.session, made.reference)).toEqual(expect.arrayContaining(tagIDs));
    const named = new RegExp(`^TagNotAttached Template ${made.name} has not the tag (\\S+) of the provider spec: `);
    const missed = told.flatMap((one) => named.exec(one)?.[1] ?? []);
    expect(missed.toSorted()).toEqual(["../../session", unknown]);
  });
});

test("of a present template that is gone or not the only one of its name there is nothing to keep", async () => {
  const elsewhere = `/${datacenter}/vm/elsewhere`;
  await stage.room.vcenter.govc("folder.create", elsewhere);
  await stage.room.createVm("twin");
  await stage.room.vcenter.govc("object.rename", await stage.room.createVm("sibling", elsewhere), "twin");
  const providers = [provider({ template: "gone" }), provider({ template: "twin" })];
  const kept = await readKept(stage.session, { template: policy, providers });
  expect(kept).toMatchObject({ diskProvisioning: undefined, hardware: null, notKept: [] });
  expect(await findByPath(stage.session, `${folder}/twin`)).not.toBeNull();
});
