import { expect, test } from "vitest";
import { lacksOf } from "../../../controller/vsphere/place.ts";

const place = { datastore: "ds-a", folder: "/dc/vm/f", resourcePool: "/dc/host/c/Resources", network: "net-a" };
const found = {
  datastore: { type: "Datastore", value: "datastore-1" },
  folder: { type: "Folder", value: "group-v1" },
  resourcePool: { type: "ResourcePool", value: "resgroup-1" },
  network: { type: "Network", value: "network-1" },
};
const of = (type: string) => ({ type, value: "x-1" });

test.each([
  ["nothing", place, found, []],
  ["nothing of a vApp", place, { ...found, resourcePool: of("VirtualApp") }, []],
  ["nothing of a portgroup", place, { ...found, network: of("DistributedVirtualPortgroup") }, []],
  ["nothing of an NSX segment", place, { ...found, network: of("OpaqueNetwork") }, []],
  ["what is not there", place, { ...found, folder: null, network: null }, ["folder /dc/vm/f", "network net-a"]],
  ["a name", { ...place, network: "" }, { ...found, network: null }, ["network without a name"]],
  [
    "a pool, being a cluster",
    { ...place, resourcePool: "/dc/host/c" },
    { ...found, resourcePool: of("ClusterComputeResource") },
    ["resourcePool /dc/host/c (that is a ClusterComputeResource, no ResourcePool or VirtualApp)"],
  ],
  [
    "a datastore, being a datastore cluster",
    place,
    { ...found, datastore: of("StoragePod") },
    ["datastore ds-a (that is a StoragePod, no Datastore)"],
  ],
] as const)("a place lacks %s", (_, wanted, seen, lacks) => {
  expect(lacksOf(wanted, seen)).toEqual(lacks);
});
