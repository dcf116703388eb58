import { expect, test } from "vitest";
import type { Workspace } from "../../../controller/decide/machine-set.ts";
import { placeOf } from "../../../controller/decide/place.ts";
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
