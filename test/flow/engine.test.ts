// The vSphere engine against the lab's vCenter and mirror: imports, clones, names.
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cloneTemplate } from "../../controller/apply/clone-template.ts";
import { importTemplate } from "../../controller/apply/import-template.ts";
import { temporaryName } from "../../controller/apply/names.ts";
import { templateReference } from "../../controller/apply/template-reference.ts";
import { readTemplate } from "../../controller/vsphere/template.ts";
import { infrastructureName as cluster, datacenter, folder } from "../lab/topology.ts";
import { type EngineRoom, openEngineRoom, owner, placeOf, secureBootDescriptor, zoneA, zoneB } from "./engine-room.ts";

let room: EngineRoom;
beforeAll(async () => {
  room = await openEngineRoom();
  await room.createVm("bystander");
});
afterAll(() => room.close());

async function propertyOf(path: string, field: string): Promise<unknown> {
  return JSON.parse(await room.vcenter.govc("object.collect", "-json", "-s", path, field));
}

describe("a template", () => {
  test("is imported, found again, and cloned to another place from the one download", async () => {
    const wanted = room.request();
    const { release, sha256 } = wanted.image;
    const before = room.downloads();
    const made = await importTemplate(room.session, wanted, room.context);
    expect(made).toMatchObject({
      name: wanted.finalName,
      path: `${folder}/${wanted.finalName}`,
      release,
      reused: false,
    });
    const facts = await readTemplate(room.session, made.reference);
    expect(facts).toMatchObject({
      isTemplate: true,
      poweredOn: false,
      productVersion: release,
      name: wanted.finalName,
    });
    const temp = temporaryName(cluster, wanted.finalName);
    expect(facts.markers).toEqual({ cluster, release, sha256, name: wanted.finalName, temp });

    const again = await importTemplate(room.session, wanted, room.context);
    expect(again).toEqual({ ...made, reused: true, bytes: 0 });

    const finalName = `${cluster}-rhcos-${zoneB.name}-${release}`;
    const copy = { source: made.reference, image: wanted.image, owner, place: placeOf(zoneB), finalName };
    const cloned = await cloneTemplate(room.session, copy, room.context);
    expect(cloned).toMatchObject({ name: finalName, path: `${folder}/${finalName}`, release, reused: false });
    expect(await readTemplate(room.session, cloned.reference)).toMatchObject({
      isTemplate: true,
      productVersion: release,
      markers: { cluster, release, sha256, name: finalName, temp: temporaryName(cluster, finalName) },
    });
    expect(JSON.stringify(await propertyOf(cloned.path, "config.hardware.device"))).toContain(zoneB.network);
    expect(JSON.stringify(await propertyOf(cloned.path, "config.hardware.device"))).toContain("[ds-b]");
    expect(room.downloads()).toBe(before + 1);
  });

  test("is named by its bare name, or by its path where that is not unique in the datacenter", async () => {
    const made = await importTemplate(room.session, room.request(), room.context);
    expect(await templateReference(room.session, datacenter, made)).toBe(made.name);
    await room.vcenter.govc("folder.create", `/${datacenter}/vm/elsewhere`);
    await room.createVm(made.name, `/${datacenter}/vm/elsewhere`);
    expect(await templateReference(room.session, datacenter, made)).toBe(made.path);
  });

  test("starts without secure boot, whatever its descriptor says", async () => {
    const release = "9.8-secure";
    const descriptor = secureBootDescriptor(release);
    const made = await importTemplate(room.session, room.request({ release, descriptor }), room.context);
    expect(JSON.stringify(await propertyOf(made.path, "config.bootOptions"))).not.toContain(
      '"efiSecureBootEnabled":true',
    );
    expect(await readFile(room.vcenter.trace, "utf8")).toContain("ReconfigVM_Task");
  });

  test("of somebody else with the right product version is used as it is", async () => {
    const wanted = room.request();
    const made = await importTemplate(room.session, wanted, room.context);
    await room.vcenter.govc("vm.markasvm", `-pool=${zoneA.resourcePool}`, made.path);
    await room.vcenter.govc("vm.change", `-vm=${made.path}`, "-e=bootwarden.cluster=");
    await room.vcenter.govc("vm.markastemplate", made.path);
    expect((await readTemplate(room.session, made.reference)).markers).toBeNull();
    const before = await room.inventory();
    expect(await importTemplate(room.session, wanted, room.context)).toMatchObject({
      reused: true,
      reference: made.reference,
    });
    expect(await room.inventory()).toEqual(before);
  });
});

describe("a name that somebody else has", () => {
  test("final: the next number is taken, his VM stays", async () => {
    const wanted = room.request();
    await room.createVm(wanted.finalName);
    const before = await room.inventory();
    const made = await importTemplate(room.session, wanted, room.context);
    expect(made.name).toBe(`${wanted.finalName}-2`);
    expect((await readTemplate(room.session, made.reference)).markers?.name).toBe(made.name);
    expect(await room.inventory()).toEqual([...before, `VirtualMachine:${made.reference.value}`, made.path].toSorted());
  });

  test("temporary: the same", async () => {
    const wanted = room.request();
    await room.createVm(temporaryName(cluster, wanted.finalName));
    const before = await room.inventory();
    const made = await importTemplate(room.session, wanted, room.context);
    expect(made.name).toBe(wanted.finalName);
    expect((await room.inventory()).filter((line) => !before.includes(line))).toHaveLength(2);
    expect(await room.inventory()).toEqual(expect.arrayContaining(before));
  });

  test("a leftover of ours under the temporary name is removed", async () => {
    const wanted = room.request();
    const temp = temporaryName(cluster, wanted.finalName);
    const leftover = await room.createVm(temp);
    const markers = { cluster, release: wanted.image.release, sha256: "00", name: wanted.finalName, temp };
    const options = Object.entries(markers).map(([key, value]) => `-e=bootwarden.${key}=${value}`);
    await room.vcenter.govc("vm.change", `-vm=${leftover}`, ...options);
    const made = await importTemplate(room.session, wanted, room.context);
    expect(made.name).toBe(wanted.finalName);
    expect((await room.inventory()).join("\n")).not.toContain(temp);
  });
});
