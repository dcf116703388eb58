// A MachineSet of linked clones over a release: OpenShift's own Machine API still makes linked clones of the new template.
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { machineApi, machineSetTemplates, type Stage, scale } from "../demo/stage.ts";
import { folder, installedTemplate, machineSetName, type Zone, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { bootImages } from "../lab/vsphere-objects.ts";
import { openStage } from "./open-stage.ts";

const [zone] = zones as [Zone];
const machineSet = `${machineApi}/machinesets/${machineSetName(zone)}`;
const gibibyte = 2 ** 30;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ nodes: false });
});
afterAll(() => stage?.lab.close());

/** What an admin does to a template for linked clones: gives it a disk of 40 GiB and a snapshot. */
async function prepareForLinkedClones(path: string): Promise<void> {
  const { govc } = stage.lab.vcenter;
  await govc("vm.markasvm", `-pool=${zone.resourcePool}`, path);
  const [disk] = await disks(path);
  await govc("vm.disk.change", `-vm=${path}`, `-disk.key=${disk?.key}`, "-size=40G");
  await govc("snapshot.create", `-vm=${path}`, "-m=false", "golden");
  await govc("vm.markastemplate", path);
}

const Devices = z.array(z.object({ key: z.number(), capacityInBytes: z.number().optional() }));

async function disks(path: string) {
  const listed = await stage.lab.vcenter.govc("object.collect", "-json", "-s", path, "config.hardware.device");
  return Devices.parse(JSON.parse(listed)).filter(({ capacityInBytes }) => capacityInBytes !== undefined);
}

test("a new machine is a linked clone of the new template, with the disk that the old one gave", async () => {
  const { api, images, vcenter } = stage.lab;
  await prepareForLinkedClones(`${folder}/${installedTemplate(zone)}`);
  const value = { cloneMode: "linkedClone", snapshot: "golden" };
  await api.merge(machineSet, { spec: { template: { spec: { providerSpec: { value } } } } });
  await api.apply(bootImages("4.20.15", images[1]));
  const template = await until({ signal: stage.signal, what: "the move to release B", within: 60_000 }, async () => {
    const now = (await machineSetTemplates(stage)).get(machineSetName(zone)) ?? "";
    return now.includes(images[1].release) && now;
  });
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
