// Content that somebody replaced under our name, as the Machine Config Operator does: said, not used, not touched.
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { kubectl, machineApi, machineSetTemplates, type Stage } from "../demo/stage.ts";
import { folder, infrastructureName, machineSetName, type Zone, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { bootImages } from "../lab/vsphere-objects.ts";
import { openStage } from "./open-stage.ts";

const [zoneA] = zones as [Zone];
let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ nodes: false });
});
afterAll(() => stage?.lab.close());

const Status = z.object({
  status: z.object({
    templates: z.array(z.object({ path: z.string(), state: z.string(), release: z.string().optional() })).default([]),
  }),
});

async function stateOf(path: string) {
  const object = await stage.lab.api.get("/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster");
  return Status.parse(object).status.templates.find((template) => template.path === path);
}

async function uuidOf(path: string): Promise<string> {
  return await stage.lab.vcenter.govc("object.collect", "-s", path, "config.instanceUuid");
}

test("the next name is taken, an Event says so, and what stands there stays", async () => {
  const { api, vcenter, images, mirror } = stage.lab;
  const { signal } = stage;
  const [installed] = images;
  const release = "9.8.20261120-0";
  // A template of the release that the cluster was installed with, under the name that the next release's will have.
  const name = `${infrastructureName}-rhcos-${zoneA.name}-${release}`;
  const path = `${folder}/${name}`;
  const where = [`-ds=${zoneA.datastore}`, `-pool=${zoneA.resourcePool}`, `-folder=${folder}`];
  const from = `${folder}/${infrastructureName}-rhcos-${zoneA.name}`;
  await vcenter.govc("vm.clone", `-vm=${from}`, ...where, "-on=false", "-template=true", name);
  const before = await uuidOf(path);
  await api.apply(bootImages("4.20.15", { release, ...mirror.publish({ release, diskBytes: 1_000_000 }) }));
  await until({ signal, what: `the move to ${name}-2`, within: 60_000 }, async () => {
    return (await machineSetTemplates(stage)).get(machineSetName(zoneA)) === `${name}-2`;
  });
  await until({ signal, what: "ContentReplaced in the status" }, async () => {
    return (await stateOf(path))?.state === "ContentReplaced";
  });
  expect(await stateOf(path)).toEqual({ path, state: "ContentReplaced", release: installed.release });
  await until({ signal, what: `${name}-2 in the status` }, async () => (await stateOf(`${path}-2`))?.state === "Ready");
  await until({ signal, what: "an Event ContentReplaced" }, async () => {
    const selector = "involvedObject.name=cluster,reason=ContentReplaced,type=Warning";
    return (await kubectl(stage, "get", "events", "-A", "--field-selector", selector)).includes(path);
  });
  expect(await uuidOf(path)).toBe(before);
});

test("a MachineSet that names such a template is moved on, though its content is the release's", async () => {
  const { api, vcenter, controller } = stage.lab;
  const { signal } = stage;
  const set = `${machineApi}/machinesets/${machineSetName(zoneA)}`;
  const target = (await machineSetTemplates(stage)).get(machineSetName(zoneA)) ?? "";
  const where = [`-ds=${zoneA.datastore}`, `-pool=${zoneA.resourcePool}`, `-folder=${folder}`];
  const replaced = `${infrastructureName}-rhcos-${zoneA.name}-9.8.20261101-0`;
  await vcenter.govc("vm.clone", `-vm=${folder}/${target}`, ...where, "-on=false", "-template=true", replaced);
  const before = await uuidOf(`${folder}/${replaced}`);
  // It is taken for somebody who takes the move back, and put right when the pause after the first such time is over.
  await controller?.stop();
  await api.merge(set, { spec: { template: { spec: { providerSpec: { value: { template: replaced } } } } } });
  await controller?.start();
  await until({ signal, what: `the move to ${target}`, within: 100_000 }, async () => {
    return (await machineSetTemplates(stage)).get(machineSetName(zoneA)) === target;
  });
  await until({ signal, what: `${replaced} in the status` }, async () => {
    return (await stateOf(`${folder}/${replaced}`))?.state === "ContentReplaced";
  });
  expect(await uuidOf(`${folder}/${replaced}`)).toBe(before);
});
