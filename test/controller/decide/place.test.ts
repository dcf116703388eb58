import { expect, test } from "vitest";
import type { Workspace } from "../../../controller/decide/machine-set.ts";
import { type FailureDomain, placeOf } from "../../../controller/decide/place.ts";
import { failureDomains, machineSetFacts } from "./facts.ts";

const domains = failureDomains("infrastructure");
const hostGroup = {
  name: "fd-hg",
  server: "vc-a.lab.example.com",
  datacenter: "dc-east",
  datastore: "/dc-east/datastore/ds-a",
  computeCluster: "/dc-east/host/cluster-a",
  folder: "/dc-east/vm/lab-7x2kq",
  vmGroup: "rack-1",
};

function labelOf(workspace: Partial<Workspace> | null): string {
  const decision = placeOf(workspace, "vm-net-101", [...domains, hostGroup]);
  return decision.ok ? decision.value.label : decision.reason;
}

const east = machineSetFacts("fd-east-a").provider?.workspace ?? {};

test.each<[string, Partial<Workspace> | null, string | RegExp]>([
  ["a failure domain", east, "fd-east-a"],
  ["a trailing slash", machineSetFacts("fd-east-b-trailing-slash").provider?.workspace ?? null, "fd-east-b"],
  ["doubled slashes", { ...east, resourcePool: "/dc-east/host//cluster-a/./Resources/x/../lab" }, "fd-east-a"],
  ["no domain", machineSetFacts("no-failure-domain-match").provider?.workspace ?? null, /^[0-9a-f]{6}$/],
  ["another folder", { ...east, folder: "/dc-east/vm/other" }, /^[0-9a-f]{6}$/],
  ["another server", { ...east, server: "vc-b.lab.example.com" }, /^[0-9a-f]{6}$/],
  ["a group of hosts", { ...east, resourcePool: "/dc-east/host/cluster-a/Resources", vmGroup: "rack-1" }, "fd-hg"],
  ["another group", { ...east, vmGroup: "rack-2" }, /^[0-9a-f]{6}$/],
  ["null", null, "NoWorkspace"],
  ["empty", {}, "NoWorkspace"],
  ["no pool", { ...east, resourcePool: "" }, "NoWorkspace"],
])("%s", (_, workspace, expected) => {
  expect(labelOf(workspace)).toMatch(expected);
});

const spelled: Partial<Workspace>[] = [
  { datacenter: "/dc-east" },
  { datacenter: "dc-east/" },
  { datastore: "ds-a" },
  { datastore: "/dc-east/datastore/ds-a/" },
  { folder: "lab-7x2kq" },
  { folder: "./lab-7x2kq/" },
  { folder: "/dc-east/vm//lab-7x2kq//" },
  { resourcePool: "cluster-a/Resources/lab" },
  { resourcePool: "/dc-east/host/cluster-a/Resources/lab/" },
];

test.each(spelled)("the same place, spelled %o", (own) => {
  expect(placeOf({ ...east, ...own }, "n", domains)).toEqual(placeOf(east, "n", domains));
  expect(placeOf({ ...east, ...own }, "n", [])).toEqual(placeOf(east, "n", []));
});

test.each<[string, Partial<FailureDomain>]>([
  ["a datastore by name", { datastore: "ds-a" }],
  ["a pool by path below the hosts", { resourcePool: "cluster-a/Resources/lab/" }],
  ["a folder by name", { folder: "lab-7x2kq" }],
  ["a datacenter with a slash", { datacenter: "/dc-east" }],
])("a failure domain that names %s", (_, own) => {
  const [domain] = domains;
  const place = placeOf(east, "n", domain ? [{ ...domain, ...own }] : []);
  expect(place).toMatchObject({ value: { label: "fd-east-a" } });
});

test.each<[string, FailureDomain[]]>([
  ["there are none", []],
  ["all are of a server that is not this one", domains.map((domain) => ({ ...domain, server: "vc-gone" }))],
])("without a failure domain the workspace alone says where it is, since %s", (_, given) => {
  const place = placeOf(east, "vm-net-101", given);
  expect(place).toMatchObject({
    value: {
      label: expect.stringMatching(/^[0-9a-f]{6}$/),
      server: "vc-a.lab.example.com",
      datacenter: "dc-east",
      datastore: "/dc-east/datastore/ds-a",
      folder: "/dc-east/vm/lab-7x2kq",
      resourcePool: "/dc-east/host/cluster-a/Resources/lab",
      network: "vm-net-101",
    },
  });
});

test.each<[string, Partial<Workspace>]>([
  ["datacenter", { datacenter: "f/dc-east" }],
  ["datastore", { datastore: "/dc-east/datastore/pod/ds-a" }],
  ["folder", { folder: "/dc-east/vm/other/lab-7x2kq" }],
  ["pool", { resourcePool: "/dc-east/host/cluster-b/Resources/lab" }],
  ["server", { server: "vc-b" }],
  ["group of hosts", { vmGroup: "rack-1" }],
])("another %s of a like name is another place", (_, own) => {
  const keyOf = (workspace: Partial<Workspace>) => {
    const place = placeOf(workspace, "n", []);
    return place.ok ? [place.value.key, place.value.label] : [];
  };
  const [[key, label], [otherKey, otherLabel]] = [keyOf(east), keyOf({ ...east, ...own })];
  expect(otherKey).not.toBe(key);
  expect(otherLabel).not.toBe(label);
});

test("a relative folder stands below the datacenter's", () => {
  const place = placeOf({ ...east, folder: "lab-7x2kq" }, "n", domains);
  expect(place).toMatchObject({ value: { label: "fd-east-a", folder: "/dc-east/vm/lab-7x2kq" } });
});

test("what is missing is named", () => {
  expect(placeOf({ ...east, folder: "", datastore: "" }, "n", domains)).toMatchObject({
    message: expect.stringContaining("lacks datastore, folder"),
  });
});

test("one place for the same workspace, whatever the network; another for another pool", () => {
  const key = (workspace: Partial<Workspace>, network: string) => {
    const decision = placeOf(workspace, network, domains);
    return decision.ok ? decision.value.key : undefined;
  };
  expect(key({ ...east, folder: "/dc-east/vm/lab-7x2kq/" }, "vm-net-102")).toBe(key(east, "vm-net-101"));
  expect(key({ ...east, resourcePool: "/dc-east/host/cluster-a/Resources" }, "n")).not.toBe(key(east, "n"));
});

test("two vCenters", () => {
  const [, west] = failureDomains("infrastructure-multi-vcenter");
  const workspace: Partial<Workspace> = {
    server: "vc-b.lab.example.com",
    datacenter: "dc-west",
    datastore: "/dc-west/datastore/ds-w",
    folder: "/dc-west/vm/lab-7x2kq",
    resourcePool: "/dc-west/host/cluster-w/Resources/",
  };
  expect(placeOf(workspace, "n", west ? [west] : [])).toMatchObject({
    value: { label: "fd-west", server: "vc-b.lab.example.com", network: "n" },
  });
});
