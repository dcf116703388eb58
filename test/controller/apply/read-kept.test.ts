// The present template that may not be read: what it has is not kept, and that is said.
import { expect, test } from "vitest";
import { readKept } from "../../../controller/apply/read-kept.ts";
import { type Line, scriptedSession } from "../vsphere/scripted-vcenter.ts";

const found = { content: '<returnval type="VirtualMachine">vm-1</returnval>' };

async function kept(ofTemplate: Line) {
  const script = (method: string) => (method === "FindByInventoryPath" ? found : ofTemplate);
  const { session, calls } = await scriptedSession(script);
  const provider = { template: "/dc/vm/golden", workspace: { datacenter: "dc" }, networkName: "", tagIDs: ["t"] };
  const template = { diskProvisioning: "Thick", snapshot: "Auto" } as const;
  const read = readKept(session, { template, providers: [provider, { ...provider, tagIDs: ["u"] }] });
  return { read, calls };
}

test("is told of, and asked once for all MachineSets that name it", async () => {
  const { read, calls } = await kept({ fault: "NoPermission" });
  expect(await read).toEqual({
    diskProvisioning: "thick",
    diskBytes: null,
    mostDiskBytes: null,
    hardware: null,
    tagIDs: ["t", "u"],
    snapshots: [],
    notKept: [{ template: "/dc/vm/golden", what: [expect.stringContaining("it cannot be read (")] }],
  });
  expect(calls.slice(2)).toEqual(["FindByInventoryPath", "RetrievePropertiesEx"]);
});

test("and goes in between leaves nothing to keep", async () => {
  const { read } = await kept({ fault: "ManagedObjectNotFound" });
  expect(await read).toMatchObject({ hardware: null, notKept: [] });
});

test("because the session is lost is a failure", async () => {
  const { read } = await kept({ fault: "NotAuthenticated" });
  await expect(read).rejects.toMatchObject({ reason: "SessionLost" });
});
