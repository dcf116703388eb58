import { expect, test } from "vitest";
import { lookAtInventory } from "../../../controller/vsphere/inventory-look.ts";
import { type Line, scriptedSession } from "./scripted-vcenter.ts";

const property = (name: string, type: string, value: string) =>
  `<propSet><name>${name}</name><val xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ${type}>${value}</val></propSet>`;
const text = 'xsi:type="string"';

function entity(id: string, name: string, parent = "root"): string {
  const type = id.startsWith("group") ? "Folder" : "VirtualMachine";
  const up = property("parent", 'type="Folder" xsi:type="ManagedObjectReference"', parent);
  return `<objects><obj type="${type}">${id}</obj>${property("name", text, name)}${up}</objects>`;
}

function detail(id: string, name: string): string {
  const state = property("runtime.powerState", text, "poweredOff");
  return `<objects><obj type="VirtualMachine">${id}</obj>${property("name", text, name)}${state}</objects>`;
}

const found: Line = { content: '<returnval type="Folder">root</returnval>' };
const answer = (...parts: string[]): Line => ({ content: `<returnval>${parts.join("")}</returnval>` });

/** Looks for VMs called `golden` in `/dc`, at a vCenter that answers each method by its lines, the last for ever. */
async function looked(script: Record<string, Line[]>) {
  const { session, calls } = await scriptedSession((method, all) => {
    const lines = script[method] ?? [];
    const time = all.filter((one) => one === method).length;
    return lines[Math.min(time, lines.length) - 1] ?? { status: 500 };
  });
  const folders = new Map();
  const look = await lookAtInventory(session, {
    datacenters: ["/dc"],
    folders,
    interest: (tree) => tree.named("/dc/vm", "golden"),
  });
  return { look, calls: calls.slice(2), folders };
}

test("folders and VMs of several pages are one tree", async () => {
  const { look, calls, folders } = await looked({
    FindByInventoryPath: [found],
    RetrievePropertiesEx: [
      answer("<token>1</token>", entity("vm-1", "golden", "group-1")),
      answer(detail("vm-1", "golden")),
    ],
    ContinueRetrievePropertiesEx: [answer("<token>2</token>"), answer(entity("group-1", "a%2fb"))],
  });
  expect([...look.facts.values()]).toMatchObject([{ path: "/dc/vm/a%2fb/golden", name: "golden", markers: null }]);
  expect(folders).toEqual(new Map([["/dc", { type: "Folder", value: "root" }]]));
  expect(calls).toEqual([
    ...["FindByInventoryPath", "RetrievePropertiesEx"],
    ...["ContinueRetrievePropertiesEx", "ContinueRetrievePropertiesEx", "RetrievePropertiesEx"],
  ]);
});

const golden = answer(entity("vm-1", "golden"));

test("a VM that vanished is looked for again, and its datacenter too", async () => {
  const { look, calls } = await looked({
    FindByInventoryPath: [found],
    RetrievePropertiesEx: [golden, { fault: "ManagedObjectNotFound" }, answer()],
  });
  expect(look.facts.size).toBe(0);
  expect(calls).toEqual([
    ...["FindByInventoryPath", "RetrievePropertiesEx", "RetrievePropertiesEx"],
    ...["FindByInventoryPath", "RetrievePropertiesEx"],
  ]);
});

test("what vanishes for ever ends in its fault, and soon", async () => {
  const script = { FindByInventoryPath: [found], RetrievePropertiesEx: [{ fault: "ManagedObjectNotFound" }] };
  await expect(looked(script)).rejects.toMatchObject({ reason: "ObjectNotFound" });
});

test("a datacenter without a VM folder that may be seen is told", async () => {
  const { look, calls, folders } = await looked({ FindByInventoryPath: [{ content: "" }] });
  expect(look).toMatchObject({ unseen: ["/dc"], facts: new Map() });
  expect(folders.size).toBe(0);
  expect(calls).toEqual(["FindByInventoryPath"]);
});

const denied =
  '<objects><obj type="VirtualMachine">vm-1</obj><missingSet><path>name</path><fault><fault ' +
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="NoPermission"><object type="VirtualMachine">vm-1' +
  "</object><privilegeId>System.Read</privilegeId></fault><localizedMessage>no</localizedMessage></fault></missingSet>" +
  "</objects>";

test.each<[string, Line, string, RegExp]>([
  ["may not be read", answer(denied), "NoPermission", /System\.Read on vm-1/],
  ["has no name", answer('<objects><obj type="VirtualMachine">vm-1</obj></objects>'), "UnreadableAnswer", /vm-1/],
  ["is no object", answer("<objects>vm-1</objects>"), "UnreadableAnswer", /RetrievePropertiesEx/],
  ["comes without a session", { fault: "NotAuthenticated" }, "SessionLost", /RetrievePropertiesEx/],
])("what %s is a typed failure", async (...[, line, reason, message]) => {
  const script = { FindByInventoryPath: [found], RetrievePropertiesEx: [line] };
  await expect(looked(script)).rejects.toMatchObject({ reason, message: expect.stringMatching(message) });
});

test("twenty thousand VMs are read, whatever is beside them", async () => {
  const pages = Array.from({ length: 5 }, (_, page) => {
    const more = page === 4 ? "" : `<token>${page}</token>`;
    const vms = Array.from({ length: 4000 }, (_, index) =>
      entity(`vm-${page}-${index}`, page === 3 && index === 7 ? "golden" : `somebody-${index}`, "root"),
    );
    return answer(more, ...vms);
  });
  const [first, ...others] = pages;
  const { look, calls } = await looked({
    FindByInventoryPath: [found],
    RetrievePropertiesEx: [first ?? answer(), answer(detail("vm-3-7", "golden"))],
    ContinueRetrievePropertiesEx: others,
  });
  expect(look.tree.virtualMachines()).toHaveLength(20_000);
  expect([...look.facts.keys()]).toEqual(["vm-3-7"]);
  expect(calls).toHaveLength(7);
}, 30_000);
