// Which MachineSets a new template keeps something of: those that will use it.
import { expect, test } from "vitest";
import type { MachineSetInput } from "../../controller/decide/machine-set-state.ts";
import { readKeptOf } from "../../controller/keeping.ts";
import { imageOf } from "./decide/boot-images.ts";
import { scriptedSession } from "./vsphere/scripted-vcenter.ts";

const image = imageOf("9.8.20261116-0");
const place = (key: string) => ({
  ...{ key, label: key, server: "vc", datacenter: "dc", datastore: "ds", folder: "/dc/vm/f", resourcePool: "p" },
  network: "n",
});

function machineSet(name: string, where: string, own: Partial<MachineSetInput> = {}): MachineSetInput {
  const provider = { template: "/dc/vm/t", workspace: { datacenter: "dc" }, networkName: "", tagIDs: [name] };
  return {
    facts: {
      ...{ name, namespace: "ns", labels: {}, annotations: {}, owners: [], templateLabels: {} },
      image: { ok: true, value: image },
      provider: { ...provider, cloneMode: "linkedClone", snapshot: "root" },
    },
    manager: { managedBy: "Bootwarden", reason: "Enrolled", message: "" },
    target: { ok: true, value: image },
    place: { ok: true, value: place(where) },
    templateNow: { ok: true, value: { exists: true, release: null, path: null, ours: false } },
    allowDowngrade: false,
    prestaged: null,
    userData: { ok: true, value: "3.2.0" },
    writtenBy: null,
    ...own,
  };
}

const machineSets = [
  machineSet("here", "a"),
  machineSet("elsewhere", "b"),
  machineSet("windows", "a", { manager: { managedBy: "Nobody", reason: "WindowsMachineSet", message: "" } }),
  machineSet("of another image", "a", { target: { ok: true, value: imageOf("10.2.20261116-0") } }),
  machineSet("of none", "a", { target: { ok: false, reason: "OtherStream", message: "" } }),
  machineSet("nowhere", "a", { place: { ok: false, reason: "NoWorkspace", message: "" } }),
];

test.each([
  [undefined, ["root"], undefined],
  [{ diskProvisioning: "Thin", snapshot: "Never" } as const, [], "thin"],
])("those of the place and image that are ours; template: %j", async (template, snapshots, diskProvisioning) => {
  const { session } = await scriptedSession(() => ({ content: "" }));
  const policy = template && { template };
  const kept = await readKeptOf(session, { policy, planInput: { machineSets } }, { place: place("a"), image });
  expect(kept).toMatchObject({ tagIDs: ["here"], snapshots, diskProvisioning });
});
