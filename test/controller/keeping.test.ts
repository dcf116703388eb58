// Which MachineSets a new template keeps something of: those that will use it.
import { expect, test } from "vitest";
import type { MachineSetInput } from "../../controller/decide/machine-set-state.ts";
import { readKeptOf } from "../../controller/keeping.ts";
import { scriptedSession } from "./vsphere/scripted-vcenter.ts";

const place = (key: string) => ({
  ...{ key, label: key, server: "vc", datacenter: "dc", datastore: "ds", folder: "/dc/vm/f", resourcePool: "p" },
  network: "n",
});

function machineSet(name: string, where: string, own: Partial<MachineSetInput> = {}): MachineSetInput {
  const provider = { template: "/dc/vm/t", workspace: { datacenter: "dc" }, networkName: "", tagIDs: [name] };
  return {
    facts: {
      ...{ name, namespace: "ns", labels: {}, annotations: {}, owners: [], templateLabels: {} },
      architecture: { ok: true, value: "x86_64" },
      provider: { ...provider, cloneMode: "linkedClone", snapshot: "root" },
    },
    manager: { managedBy: "Bootwarden", reason: "Enrolled", message: "" },
    place: { ok: true, value: place(where) },
    templateNow: { ok: true, value: { exists: true, release: null, path: null, ours: false } },
    writtenBy: null,
    ...own,
  };
}

const machineSets = [
  machineSet("here", "a"),
  machineSet("elsewhere", "b"),
  machineSet("windows", "a", { manager: { managedBy: "Nobody", reason: "WindowsMachineSet", message: "" } }),
  machineSet("nowhere", "a", { place: { ok: false, reason: "NoWorkspace", message: "" } }),
];

test.each([
  [undefined, ["root"], undefined],
  [{ diskProvisioning: "Thin", snapshot: "Never" } as const, [], "thin"],
])("those of the place that are ours; template: %j", async (template, snapshots, diskProvisioning) => {
  const { session } = await scriptedSession(() => ({ content: "" }));
  const policy = template && { template };
  const kept = await readKeptOf(session, { policy, planInput: { machineSets } }, "a");
  expect(kept).toMatchObject({ tagIDs: ["here"], snapshots, diskProvisioning });
});
