// The findings of a preflight: place, account, datastore, host and image in one message, each with its remedy.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { importTemplate } from "../../controller/apply/import-template.ts";
import { preflight } from "../../controller/apply/preflight.ts";
import { lookAtPlace, type Place } from "../../controller/vsphere/place.ts";
import { descriptorOf } from "../lab/ova.ts";
import { placeOf, zoneA } from "./engine-room.ts";
import { all, elsewhere, exact, openPreflightRoom, type PreflightRoom, poor } from "./preflight-room.ts";

let room: PreflightRoom;
beforeAll(async () => {
  room = await openPreflightRoom();
});
afterAll(() => room.close());

let number = 0;

describe("all that is wrong is told at once", () => {
  const nowhere = { network: "vm-net-lost", folder: "/dc-east/vm/lost" };
  const importHuge = async (username: string, own: Partial<Place> = {}, cut = false) => {
    number += 1;
    const release = `9.8-huge-${number}`;
    const descriptor = descriptorOf({ release, diskBytes: 3_000_000 }).replace("vmx-19", "vmx-99");
    const wanted = room.room.request({ release, descriptor });
    const image = cut ? { ...wanted.image, url: `${wanted.image.url}-lost` } : wanted.image;
    const order = { ...wanted, image, place: { ...wanted.place, ...own }, keep: all };
    await room.vcenter.control.freeSpace(1000);
    const told = await room.as(username, (session, context) => importTemplate(session, order, context));
    await room.vcenter.control.freeSpace(2 ** 40);
    return told.thrown;
  };

  test("the place, the account, the datastore and the image", async () => {
    const before = await room.inventory();
    const thrown = await importHuge(elsewhere, { network: nowhere.network });
    expect(thrown).toMatchObject({ name: "VimFault", reason: "PreflightFailed" });
    for (const part of ["network vm-net-lost", "Datastore.AllocateSpace", "ds-a has 1000 bytes free"])
      expect(String(thrown)).toContain(part);
    // No host was chosen that could be asked for its hardware.
    expect(String(thrown)).not.toContain("vmx-99");
    expect(String(await importHuge(elsewhere))).toContain("vmx-99");
    expect(await room.inventory()).toEqual(before);
  });

  test("of a place whatever is not there, and of the account what it lacks on the rest", async () => {
    const thrown = await importHuge(poor, nowhere);
    expect(thrown).toMatchObject({ reason: "PreflightFailed" });
    for (const part of [
      "network vm-net-lost",
      "folder /dc-east/vm/lost",
      "lacks on datastore",
      "lacks on resource pool",
    ])
      expect(String(thrown)).toContain(part);
    expect(String(thrown)).not.toMatch(/lacks on (folder|network)/);
  });

  test("an image that is not to be had, where something else is wrong", async () => {
    const thrown = await importHuge(elsewhere, {}, true);
    expect(thrown).toMatchObject({ reason: "PreflightFailed" });
    for (const part of ["404", "Datastore.AllocateSpace", "make room"]) expect(String(thrown)).toContain(part);
  });

  test("a place alone is told in its own word", async () => {
    expect(await importHuge(exact, nowhere)).toMatchObject({ reason: "PreflightFailed" });
    number += 1;
    const wanted = room.room.request({ release: `9.8-lost-${number}` });
    const lost = { ...wanted, place: { ...wanted.place, ...nowhere } };
    const { thrown } = await room.as(exact, (session, context) => importTemplate(session, lost, context));
    expect(thrown).toMatchObject({ reason: "ObjectNotFound", message: expect.stringContaining("Mend the MachineSet") });
  });
});

describe("datastore and host", () => {
  const fits = { fileBytes: 1, capacityBytes: 2 ** 30, diskProvisioning: "thin", hardware: 15 } as const;
  const huge = { capacityBytes: 2 ** 60, diskProvisioning: "thick" } as const;
  const check = async (username: string, needs: Parameters<typeof preflight>[1]["needs"]) =>
    (
      await room.as(username, async (session, context) => {
        const seen = await lookAtPlace(session, placeOf(zoneA));
        await preflight(session, { step: "import", seen, named: placeOf(zoneA), needs }, context);
        return { reference: seen.parts.folder ?? expect.unreachable("there is no folder") };
      })
    ).thrown;

  test.each([
    ["both fit", exact, fits, undefined],
    ["a thin disk of a large capacity", exact, { ...fits, capacityBytes: 2 ** 60 }, undefined],
    ["no room for a thick disk", exact, { ...fits, ...huge }, { reason: "DatastoreFull" }],
    ["hardware of tomorrow", exact, { ...fits, hardware: 99 }, { reason: "HardwareNotSupported" }],
    ["both do not", exact, { ...fits, ...huge, hardware: 99 }, { reason: "PreflightFailed" }],
    ["nor has the account the right", elsewhere, { ...fits, ...huge, hardware: 99 }, { reason: "PreflightFailed" }],
  ] as const)("%s", async (...row) => {
    const [, username, image, failure] = row;
    const thrown = await check(username, image);
    if (failure === undefined) return expect(thrown).toBeUndefined();
    expect(thrown).toMatchObject(failure);
  });
});
