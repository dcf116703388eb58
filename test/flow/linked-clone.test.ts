// A MachineSet of linked clones over a release: OpenShift's own Machine API still makes linked clones of the new template.
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { machineApi, machineSetTemplates, type Stage, scale } from "../demo/stage.ts";
import { folder, infrastructureName, installedTemplate, machineSetName, type Zone, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { bootImages } from "../lab/vsphere-objects.ts";
import { openStage } from "./open-stage.ts";

const [zone, otherZone] = zones as [Zone, Zone];
const policy = "/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster";
const machineSet = `${machineApi}/machinesets/${machineSetName(zone)}`;
const gibibyte = 2 ** 30;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ nodes: false });
});
afterAll(() => stage?.lab.close());

/** What an admin does to a template for linked clones: gives it a snapshot, and a larger disk if he likes. */
async function takeSnapshot(path: string, size?: string): Promise<void> {
  const { govc } = stage.lab.vcenter;
  await govc("vm.markasvm", `-pool=${zone.resourcePool}`, path);
  const [disk] = await disks(path);
  if (size !== undefined) await govc("vm.disk.change", `-vm=${path}`, `-disk.key=${disk?.key}`, `-size=${size}`);
  await govc("snapshot.create", `-vm=${path}`, "-m=false", "golden");
  await govc("vm.markastemplate", path);
}

const Devices = z.array(z.object({ key: z.number(), capacityInBytes: z.number().optional() }));

async function disks(path: string) {
  const listed = await stage.lab.vcenter.govc("object.collect", "-json", "-s", path, "config.hardware.device");
  return Devices.parse(JSON.parse(listed)).filter(({ capacityInBytes }) => capacityInBytes !== undefined);
}

/** Waits until the zone's MachineSet names a template of the release; resolves with its name. */
async function movedTo(of: Zone, release: string): Promise<string> {
  const what = `the move of ${machineSetName(of)} to ${release}`;
  return await until({ signal: stage.signal, what, within: 60_000 }, async () => {
    const now = (await machineSetTemplates(stage)).get(machineSetName(of)) ?? "";
    return now.includes(release) && now;
  });
}

async function stateOf(name: string) {
  const { status } = Policy.parse(await stage.lab.api.get(policy));
  return status.machineSets.find((one) => one.name === name);
}

const Policy = z.object({
  status: z.object({
    machineSets: z.array(z.object({ name: z.string(), state: z.string(), reason: z.string(), message: z.string() })),
  }),
});

test("a new machine is a linked clone of the new template, with the disk that the old one gave", async () => {
  const { api, images, vcenter } = stage.lab;
  await takeSnapshot(`${folder}/${installedTemplate(zone)}`, "40G");
  const value = { cloneMode: "linkedClone", snapshot: "golden" };
  await api.merge(machineSet, { spec: { template: { spec: { providerSpec: { value } } } } });
  await api.apply(bootImages("4.20.15", images[1]));
  const template = await movedTo(zone, images[1].release);
  expect(await vcenter.govc("snapshot.tree", `-vm=${folder}/${template}`)).toContain("golden");
  expect((await disks(`${folder}/${template}`)).map(({ capacityInBytes }) => capacityInBytes)).toEqual([40 * gibibyte]);

  await scale(stage, machineSetName(zone), 1);
  const made = await until({ signal: stage.signal, what: "a VM of the Machine API", within: 60_000 }, async () => {
    const [machine] = await api.list(`${machineApi}/machines`);
    return machine !== undefined && JSON.stringify(machine.spec).includes("providerID") && machine.metadata.name;
  });
  // A full clone would have the MachineSet's 120 GiB.
  expect((await disks(`${folder}/${made}`)).map(({ capacityInBytes }) => capacityInBytes)).toEqual([40 * gibibyte]);
});

test("without the snapshot it stays and says why, full clones move; with one that an admin took it moves", async () => {
  const { api, mirror } = stage.lab;
  const release = "9.8.20261120-0";
  await api.merge(policy, { spec: { template: { snapshot: "Never" } } });
  await api.apply(bootImages("4.20.16", { release, ...mirror.publish({ release, diskBytes: 8_000_000 }) }));
  await movedTo(otherZone, release);
  const name = machineSetName(zone);
  await until({ signal: stage.signal, what: `${name} Failed for want of a snapshot`, within: 60_000 }, async () => {
    const said = await stateOf(name);
    return said?.state === "Failed" && said.reason === "SnapshotMissing" && said.message.includes("golden");
  });
  expect((await machineSetTemplates(stage)).get(name)).not.toContain(release);

  await takeSnapshot(`${folder}/${infrastructureName}-rhcos-${zone.name}-${release}`);
  // What was changed is tried at once.
  await api.merge(policy, { spec: { template: { snapshot: "Auto" } } });
  await movedTo(zone, release);
});
