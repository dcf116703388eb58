// What vCenter refuses of what is to be kept: the template is made all the same, and an admin hears of it.
import { expect, test } from "vitest";
import type { Notice } from "../../../controller/apply/context.ts";
import { applyKept } from "../../../controller/apply/keep.ts";
import type { Kept } from "../../../controller/decide/keep.ts";
import { type Line, scriptedSession } from "../vsphere/scripted-vcenter.ts";

const nothing: Kept = {
  diskProvisioning: undefined,
  diskBytes: null,
  mostDiskBytes: null,
  hardware: null,
  tagIDs: [],
  snapshots: [],
  notKept: [],
};
const vm = { type: "VirtualMachine", value: "vm-1" };

async function kept(own: Partial<Kept>, script: (method: string) => Line) {
  const { session, calls } = await scriptedSession(script);
  const notices: Notice[] = [];
  const keeping = {
    kept: { ...nothing, ...own },
    name: "rhcos-new",
    onNotice: (notice: Notice) => notices.push(notice),
  };
  const thrown = await applyKept(session, vm, keeping).catch((error: unknown) => error);
  return { thrown, calls: calls.slice(2), told: notices.map(({ reason, message }) => `${reason} ${message}`) };
}

function properties(name: string, value: string): Line {
  const content = `<propSet><name>${name}</name>${value}</propSet>`;
  return { content: `<returnval><objects><obj type="VirtualMachine">vm-1</obj>${content}</objects></returnval>` };
}
const version = (text: string) => properties("config.version", `<val xsi:type="xsd:string">${text}</val>`);

test("nothing to keep needs no call", async () => {
  expect(await kept({}, () => ({ status: 500 }))).toEqual({ thrown: undefined, calls: [], told: [] });
});

test("a hardware version that is high enough stays", async () => {
  const { calls, told } = await kept({ hardware: 15 }, () => version("vmx-19"));
  expect([calls, told]).toEqual([["RetrievePropertiesEx"], []]);
});

test("a host that is too old for the hardware version is told of", async () => {
  const script = (method: string) => (method === "UpgradeVM_Task" ? { fault: "NotSupported" } : version("vmx-15"));
  const { thrown, told } = await kept({ hardware: 21 }, script);
  expect(thrown).toBeUndefined();
  expect(told).toEqual([
    expect.stringMatching(/^HardwareNotRaised Template rhcos-new has not .* vmx-21: .*NotSupported/),
  ]);
});

test("somebody else's upgrade in between is none of our business", async () => {
  const script = (method: string) => (method === "UpgradeVM_Task" ? { fault: "AlreadyUpgraded" } : version("vmx-15"));
  expect(await kept({ hardware: 21 }, script)).toMatchObject({ thrown: undefined, told: [] });
});

test("without the right to make snapshots only the first is tried", async () => {
  const { thrown, calls, told } = await kept({ snapshots: ["a", "b"] }, () => ({ fault: "NoPermission" }));
  expect(thrown).toBeUndefined();
  expect(calls).toEqual(["CreateSnapshot_Task"]);
  expect(told).toEqual([
    expect.stringMatching(/^SnapshotNotAllowed .* snapshot a; linkedClone MachineSets are not moved/),
  ]);
});

test("no snapshot is made of a disk that could not be grown", async () => {
  const disk =
    '<VirtualDevice xsi:type="VirtualDisk"><key>2000</key><backing xsi:type="VirtualDiskFlatVer2BackingInfo"><fileName>f</fileName></backing><capacityInKB>1024</capacityInKB></VirtualDevice>';
  const devices = properties("config.hardware.device", `<val xsi:type="ArrayOfVirtualDevice">${disk}</val>`);
  const script = (method: string) => (method === "ReconfigVM_Task" ? { fault: "NoPermission" } : devices);
  const { thrown, calls, told } = await kept({ diskBytes: 2 ** 30, snapshots: ["root"] }, script);
  expect(thrown).toBeUndefined();
  expect(calls).toEqual(["RetrievePropertiesEx", "ReconfigVM_Task"]);
  expect(told).toEqual([expect.stringMatching(/^DiskNotGrown /)]);
});

test.each([
  ["a session that was lost", { fault: "NotAuthenticated" }, "SessionLost"],
  ["a VM that is gone", { fault: "ManagedObjectNotFound" }, "ObjectNotFound"],
  ["a vCenter that fails", { status: 503 }, "VCenterUnreachable"],
] as const)("%s is a failure of the whole step", async (_, line, reason) => {
  const { thrown, told } = await kept({ snapshots: ["root"] }, () => line);
  expect(thrown).toMatchObject({ reason });
  expect(told).toEqual([]);
});

test("what cannot be kept is said", async () => {
  const { told } = await kept({ notKept: [{ template: "old", what: ["its encryption", "y"] }] }, () => "silence");
  expect(told).toEqual(["NotKept Template rhcos-new has not what old has: its encryption; y. Give it by hand."]);
});

test("a tag that cannot be attached, for whatever reason, is told of", async () => {
  const { thrown, told } = await kept({ tagIDs: ["urn:a", "urn:b"] }, () => ({ status: 503 }));
  expect(thrown).toBeUndefined();
  expect(told).toEqual([
    expect.stringMatching(/^TagNotAttached Template rhcos-new has not the tag urn:a of the provider spec: /),
    expect.stringMatching(/^TagNotAttached .* urn:b /),
  ]);
});
