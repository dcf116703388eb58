// The ways in which MachineSets write places, and what lies elsewhere under the same names.
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { importTemplate } from "../../controller/apply/import-template.ts";
import { pickHost } from "../../controller/vsphere/host.ts";
import { findByPath, findVirtualMachines } from "../../controller/vsphere/inventory.ts";
import { type Place, resolvePlace } from "../../controller/vsphere/place.ts";
import { infrastructureName as cluster, datacenter, folder } from "../lab/topology.ts";
import { type EngineRoom, openEngineRoom, placeOf, zoneA, zoneB } from "./engine-room.ts";

const deep = `/${datacenter}/network/deep`;
let room: EngineRoom;
beforeAll(async () => {
  room = await openEngineRoom();
  const { govc } = room.vcenter;
  // Everything of the place is there once more, elsewhere.
  await govc("folder.create", `/${datacenter}/vm/elsewhere`);
  await govc("folder.create", `/${datacenter}/vm/elsewhere/${cluster}`);
  await govc("pool.create", "/dc-east/host/cluster-b/Resources/lab");
  await govc("folder.create", deep);
  await govc("object.mv", `/${datacenter}/network/${zoneB.network}`, deep);
});
afterAll(() => room.close());

const place = placeOf(zoneA);

test.each<[string, Partial<Place>]>([
  ["absolute paths", { datastore: `/${datacenter}/datastore/ds-a` }],
  ["names", { datastore: "ds-a", folder: cluster, resourcePool: "cluster-a/Resources/lab" }],
  ["trailing slashes", { datacenter: `${datacenter}/`, folder: `${folder}/`, resourcePool: `${zoneA.resourcePool}/` }],
  ["doubled slashes", { folder: folder.replaceAll("/", "//"), datastore: `//${datacenter}/datastore//ds-a` }],
  ["the path of the datacenter", { datacenter: `/${datacenter}` }],
  ["the path of the network", { network: `/${datacenter}/network/${zoneA.network}` }],
  ["the path of the network, with a trailing slash", { network: `/${datacenter}/network/${zoneA.network}/` }],
])("a place by %s is the place", async (_, own) => {
  const { host: _any, ...expected } = await resolvePlace(room.session, place);
  const { host: _other, ...found } = await resolvePlace(room.session, { ...place, ...own });
  expect({ ...found, datacenter }).toEqual({ ...expected, datacenter });
  expect(found.folderPath).toBe(folder);
  expect(found.network).toEqual(await findByPath(room.session, `/${datacenter}/network/${zoneA.network}`));
});

test("a network in a folder is found by its name and by its path", async () => {
  const { network: name } = zoneB;
  const expected = await findByPath(room.session, `${deep}/${name}`);
  expect(expected).toMatchObject({ type: "Network" });
  for (const network of [name, `${deep}/${name}`, `deep/${name}`, `${deep}//${name}/`]) {
    expect((await resolvePlace(room.session, { ...place, network })).network).toEqual(expected);
  }
});

test("a place by names takes an import, and its template is found by each way to write it", async () => {
  const own = {
    datastore: "ds-a",
    folder: `${cluster}/`,
    resourcePool: "cluster-a/Resources/lab/",
    network: zoneB.network,
  };
  const made = await importTemplate(room.session, { ...room.request(), place: { ...place, ...own } }, room.context);
  expect(made.path).toBe(`${folder}/${made.name}`);
  for (const template of [made.name, made.path, `${cluster}/${made.name}`, `${made.path}/`]) {
    expect(await findVirtualMachines(room.session, datacenter, template)).toEqual([made.reference]);
  }
});

test("a name of 80 characters is taken; where it is somebody else's there is no other", async () => {
  const wanted = room.request();
  const finalName = wanted.finalName.padEnd(80, "x");
  expect(await importTemplate(room.session, { ...wanted, finalName }, room.context)).toMatchObject({ name: finalName });
  const taken = room.request();
  const another = taken.finalName.padEnd(80, "y");
  await room.createVm(another);
  const before = await room.inventory();
  await expect(importTemplate(room.session, { ...taken, finalName: another }, room.context)).rejects.toMatchObject({
    reason: "NameTaken",
  });
  expect(await room.inventory()).toEqual(before);
});

describe("of the hosts that are fit", () => {
  const chosen = async () => {
    const { datastore, resourcePool, network } = await resolvePlace(room.session, place);
    const needs = { datastore, resourcePool, networks: [network] };
    const hosts = await Promise.all([0, 0.5, 0.99].map((random) => pickHost(room.session, needs, random)));
    return new Set(hosts.map(({ host }) => host.value));
  };

  test("each is chosen at times", async () => {
    expect((await chosen()).size).toBe(2);
  });

  test("the only one is chosen always", async () => {
    const [first = ""] = (await room.vcenter.govc("find", zoneA.cluster, "-type", "h")).trim().split("\n");
    await room.vcenter.govc("host.disconnect", first);
    onTestFinished(async () => {
      await room.vcenter.govc("host.reconnect", first);
    });
    const hosts = await chosen();
    expect(hosts.size).toBe(1);
    expect(hosts).not.toContain((await findByPath(room.session, first))?.value);
  });
});
