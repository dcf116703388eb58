// The datastore of a place in a datastore cluster, as MachineSets name it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { importTemplate } from "../../controller/apply/import-template.ts";
import type { Reference } from "../../controller/vsphere/answer.ts";
import { findByPath } from "../../controller/vsphere/inventory.ts";
import { resolvePlace } from "../../controller/vsphere/place.ts";
import { datacenter } from "../lab/topology.ts";
import { type EngineRoom, openEngineRoom, placeOf, zoneB } from "./engine-room.ts";

const pod = `/${datacenter}/datastore/pod`;
const place = placeOf(zoneB);
let room: EngineRoom;
let expected: Reference | null;
beforeAll(async () => {
  room = await openEngineRoom();
  expected = await findByPath(room.session, zoneB.datastore);
  await room.vcenter.govc("folder.create", "-pod", pod);
  await room.vcenter.govc("object.mv", zoneB.datastore, pod);
});
afterAll(() => room.close());

test.each(["ds-b", "pod/ds-b", `${pod}/ds-b`])("%s is found", async (datastore) => {
  expect(expected).toMatchObject({ type: "Datastore" });
  expect((await resolvePlace(room.session, { ...place, datastore })).datastore).toEqual(expected);
});

test.each(["pod", "ds-c", `/${datacenter}/datastore/ds-b`])("%s is no datastore", async (datastore) => {
  const resolved = resolvePlace(room.session, { ...place, datastore });
  await expect(resolved).rejects.toMatchObject({
    reason: "ObjectNotFound",
    message: expect.stringContaining(`datastore ${datastore}`),
  });
});

test("a name takes an import", async () => {
  const wanted = { ...room.request(), place: { ...place, datastore: "ds-b" } };
  expect(await importTemplate(room.session, wanted, room.context)).toMatchObject({ reused: false });
});
