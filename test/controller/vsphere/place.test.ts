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

interface Own {
  place?: Partial<Parameters<typeof lacksOf>[0]>;
  found?: Partial<Parameters<typeof lacksOf>[1]>;
}

test.each<[string, Own, string[]]>([
  ["nothing", {}, []],
  ["nothing of a vApp", { found: { resourcePool: of("VirtualApp") } }, []],
  ["nothing of a portgroup", { found: { network: of("DistributedVirtualPortgroup") } }, []],
  ["nothing of an NSX segment", { found: { network: of("OpaqueNetwork") } }, []],
  ["what is not there", { found: { folder: null, network: null } }, ["folder /dc/vm/f", "network net-a"]],
  ["a name", { place: { network: "" }, found: { network: null } }, ["network without a name"]],
  [
    "a pool, being a cluster",
    { found: { resourcePool: of("ClusterComputeResource") } },
    ["resourcePool /dc/host/c/Resources (that is a ClusterComputeResource, no ResourcePool or VirtualApp)"],
  ],
  [
    "a datastore, being a datastore cluster",
    { found: { datastore: of("StoragePod") } },
    ["datastore ds-a (that is a StoragePod, no Datastore)"],
  ],
])("a place lacks %s", (_, own, lacks) => {
  expect(lacksOf({ ...place, ...own.place }, { ...found, ...own.found })).toEqual(lacks);
});
