// The template that an admin has made: MachineSets are pointed at it where it is what is wanted, and it stays as it is.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { machineApi, machineSetTemplates, type Stage, vcenterCalls } from "../demo/stage.ts";
import { ovaOf } from "../lab/ova.ts";
import { folder, machineSetName } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { expectFailure, expectRecovery } from "./fault-stage.ts";
import { caBundle, degraded, setA, setSource, statusOf, untilNamed } from "./image-sources.ts";
import { inFolder, look, moveTo, release, setPolicy, templateOf, zoneA, zoneB } from "./old-templates.ts";
import { openStage } from "./open-stage.ts";

const [first, staged, newest] = ["9.8.20261205-0", "9.8.20261206-0", "9.8.20261207-0"];

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ nodes: false });
  await moveTo(stage, first);
});
afterAll(() => stage?.lab.close());

/** A template as an admin imports it. */
async function stageTemplate(name: string, of: string): Promise<string> {
  const { vcenter, ground } = stage.lab;
  const [ova, options] = ["ova", "json"].map((end) => join(ground.directory, `${name}.${end}`)) as [string, string];
  await writeFile(ova, Buffer.concat([...ovaOf({ release: of, diskBytes: 1_000_000 }).bytes()]));
  const mapping = [{ Name: "VM Network", Network: zoneA.network }];
  await writeFile(options, JSON.stringify({ DiskProvisioning: "thin", NetworkMapping: mapping, MarkAsTemplate: true }));
  const where = [`-ds=${zoneA.datastore}`, `-pool=${zoneA.resourcePool}`, "-folder=/dc-east/vm/golden"];
  await vcenter.govc("import.ova", ...where, `-options=${options}`, `-name=${name}`, ova);
  return `/dc-east/vm/golden/${name}`;
}

const facts = async (path: string) => await stage.lab.vcenter.govc("object.collect", "-json", path, "config");

describe("a template", () => {
  let path: string;
  beforeAll(async () => {
    await stage.lab.vcenter.govc("folder.create", "/dc-east/vm/golden");
    path = await stageTemplate("staged", staged);
  });

  test("that is not there is said, and no MachineSet is moved", async () => {
    await setSource(stage, { template: "golden/none", release: staged });
    await expectFailure(stage, {
      reason: "PrestagedMissing",
      object: setA,
      condition: degraded,
      remedy: /Template \/dc-east\/vm\/golden\/none of vCenter 127.0.0.1, .* does not exist/,
    });
    await untilNamed(stage, templateOf(zoneA, first), templateOf(zoneB, first));
  });

  test("of another release than the cluster's is said, and no MachineSet is moved", async () => {
    await setSource(stage, { template: path });
    const remedy = new RegExp(`has ${staged}; wanted is ${first}`);
    await expectFailure(stage, { reason: "PrestagedMismatch", object: setA, condition: degraded, remedy });
    await untilNamed(stage, templateOf(zoneA, first), templateOf(zoneB, first));
  });

  test("of the release that is wanted is what MachineSets are pointed at, and stays as it is", async () => {
    const [before, calls] = [await facts(path), await vcenterCalls(stage)];
    await setSource(stage, { template: "golden/staged", release: staged });
    await untilNamed(stage, "staged", "staged");
    await expectRecovery(stage);
    expect(await facts(path)).toBe(before);
    const after = await vcenterCalls(stage);
    for (const method of ["ImportVApp", "CloneVM_Task", "ReconfigVM_Task", "Rename_Task", "MarkAsTemplate"])
      expect(after.get(method), method).toBe(calls.get(method));
    const { target, templates, machineSets } = await statusOf(stage);
    expect(target).toEqual({ release: staged, version: "4.20.14", template: "golden/staged" });
    expect(templates).toContainEqual(expect.objectContaining({ path, state: "Ready", ours: false }));
    expect(machineSets.map(({ state, reason }) => `${state} ${reason}`)).toEqual([
      "UpToDate OnTarget",
      "UpToDate OnTarget",
    ]);
  });

  test("another of the same release is another, and one whose name two have is named by its path", async () => {
    const other = await stageTemplate("twin", staged);
    const where = [`-ds=${zoneB.datastore}`, `-pool=${zoneB.resourcePool}`, `-folder=${folder}`];
    await stage.lab.vcenter.govc("vm.create", ...where, `-net=${zoneB.network}`, "-on=false", "twin");
    await setSource(stage, { template: other, release: staged });
    await untilNamed(stage, other, other);
  });

  test("is not retired when nothing names it any more", async () => {
    await setPolicy(stage, { template: { retain: 1 } });
    await release(stage, newest);
    await setSource(stage, { caBundle });
    await untilNamed(stage, templateOf(zoneA, newest), templateOf(zoneB, newest));
    await until({ signal: stage.signal, what: "the retirement of ours", within: 60_000 }, async () => {
      await look(stage);
      return !(await inFolder(stage)).includes(templateOf(zoneA, first));
    });
    expect(await facts(path)).toContain('"staged"');
  });
});

test("a release that is older than what MachineSets have moves them only where that is allowed", async () => {
  const older = "9.8.20261130-0";
  await release(stage, older);
  const said = (words: string) =>
    until({ signal: stage.signal, what: words, within: 60_000 }, async () => {
      const all = (await statusOf(stage)).machineSets.map(({ state, reason }) => `${state} ${reason}`);
      if (all.every((one) => one === words)) return true;
      throw new Error(all.join());
    });
  await said("UpToDate NewerThanTarget");
  await setPolicy(stage, { rollout: { allowDowngrade: true } });
  await untilNamed(stage, templateOf(zoneA, older), templateOf(zoneB, older));
  await said("UpToDate OnTarget");
});

test("the brake heeds the first Machine of a template that an admin made, too", async () => {
  const { api } = stage.lab;
  const [pathA, pathB] = [zoneA, zoneB].map((zone) => `${machineApi}/machinesets/${machineSetName(zone)}`);
  const held = (value: "true" | null) => ({ metadata: { annotations: { "bootwarden.io/hold": value } } });
  await api.merge(`${pathB}`, held("true"));
  await until({ signal: stage.signal, what: "a MachineSet on hold" }, async () => {
    return (await statusOf(stage)).machineSets.some(({ reason }) => reason === "OnHold");
  });
  await setSource(stage, { template: "golden/staged", release: staged });
  const before = (await machineSetTemplates(stage)).get(machineSetName(zoneB)) ?? "";
  await untilNamed(stage, "staged", before);
  const value = { network: { devices: [{ networkName: "no-such-network" }] } };
  await api.merge(`${pathA}`, { spec: { replicas: 1, template: { spec: { providerSpec: { value } } } } });
  await expectFailure(stage, {
    reason: "Halted",
    object: "BootImagePolicy/cluster",
    condition: degraded,
    remedy: /the first from template staged, ended Failed/,
  });
  await api.merge(`${pathB}`, held(null));
  await until({ signal: stage.signal, what: "a MachineSet that is halted" }, async () => {
    return (await statusOf(stage)).machineSets.some(
      ({ name, state }) => name === machineSetName(zoneB) && state === "Halted",
    );
  });
  expect((await machineSetTemplates(stage)).get(machineSetName(zoneB))).toBe(before);
});
