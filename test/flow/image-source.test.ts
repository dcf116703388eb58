// The image source as the policy names it: one URL, or a template that an admin has made, and what is wrong with either.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { machineSetTemplates, type Stage, vcenterCalls } from "../demo/stage.ts";
import { ovaOf } from "../lab/ova.ts";
import { folder, machineSetName } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { expectFailure, expectRecovery } from "./fault-stage.ts";
import { inFolder, release, setPolicy, templateOf, zoneA, zoneB } from "./old-templates.ts";
import { openStage } from "./open-stage.ts";

const policyPath = "/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster";
const [named, further, staged] = ["9.8.20261201-0", "9.8.20261202-0", "9.8.20261203-0"];
const caBundle = { name: "lab-ca", key: "ca-bundle.crt" };
const nothing = { mirror: null, url: null, sha256: null, release: null, template: null, caBundle: null };
const degraded = { type: "BootImageUpdateDegraded", status: "True" };
const setA = `MachineSet/${machineSetName(zoneA)}`;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ nodes: false });
  await expectRecovery(stage);
});
afterAll(() => stage?.lab.close());

const Status = z.object({
  status: z.object({
    target: z.record(z.string(), z.string()),
    templates: z.array(z.looseObject({ path: z.string(), state: z.string(), ours: z.boolean().optional() })),
    machineSets: z.array(z.looseObject({ name: z.string(), state: z.string(), reason: z.string() })),
  }),
});
const status = async () => Status.parse(await stage.lab.api.get(policyPath)).status;

const source = (own: object) => setPolicy(stage, { imageSource: { ...nothing, ...own } });

async function untilNamed(templates: [a: string, b: string]): Promise<void> {
  await until({ signal: stage.signal, what: templates.join(", "), within: 60_000 }, async () => {
    const now = await machineSetTemplates(stage);
    const seen = [zoneA, zoneB].map((zone) => now.get(machineSetName(zone)));
    if (seen.join() === templates.join()) return true;
    throw new Error(`${seen.join()}: ${JSON.stringify((await status()).machineSets)}`);
  });
}

describe("a url", () => {
  test("whose image is of another release than is said is refused, and nothing is left of it", async () => {
    const { url, sha256 } = stage.lab.mirror.publish({ release: named, diskBytes: 1_000_000, path: "/chosen.ova" });
    const before = await machineSetTemplates(stage);
    await source({ url, sha256, release: further, caBundle });
    await expectFailure(stage, {
      reason: "DescriptorInvalid",
      object: setA,
      condition: degraded,
      remedy: new RegExp(`its product version is ${named}, not ${further}`),
    });
    expect(await machineSetTemplates(stage)).toEqual(before);
    expect((await inFolder(stage)).filter((name) => name.includes(further) || name.includes("import"))).toEqual([]);
  });

  test("with another sha256 than is said is refused, and nothing is left of it", async () => {
    const { url } = stage.lab.mirror.publish({ release: named, diskBytes: 1_000_000, path: "/chosen.ova" });
    await source({ url, sha256: "ab".repeat(32), release: named, caBundle });
    await expectFailure(stage, {
      reason: "ChecksumMismatch",
      object: setA,
      condition: degraded,
      remedy: /expected was/,
    });
    await until({ signal: stage.signal, what: "nothing left" }, async () =>
      (await inFolder(stage)).every((name) => !name.includes(named) && !name.includes("import")),
    );
  });

  test("that is as it is said is what MachineSets get, whatever the cluster's release has", async () => {
    await release(stage, further);
    const path = "/chosen.ova?key=hidden";
    const { url, sha256 } = stage.lab.mirror.publish({ release: named, diskBytes: 1_000_000, path });
    await source({ url, sha256: sha256.toUpperCase(), release: named, caBundle });
    await untilNamed([templateOf(zoneA, named), templateOf(zoneB, named)]);
    await expectRecovery(stage);
    const { target } = await status();
    expect(target).toEqual({ release: named, version: "4.20.14", sha256, url: url.replace("?key=hidden", "") });
  });
});

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

test("a CA bundle that is not there is said", async () => {
  await source({ mirror: stage.lab.mirror.origin, caBundle: { name: "none", key: "ca.crt" } });
  const remedy = /ConfigMap bootwarden\/none has no PEM certificates/;
  await expectFailure(stage, { reason: "CABundleMissing", object: setA, condition: degraded, remedy });
});

describe("a template", () => {
  let path: string;
  beforeAll(async () => {
    await stage.lab.vcenter.govc("folder.create", "/dc-east/vm/golden");
    path = await stageTemplate("staged", staged);
  });

  test("that is not there is said, and no MachineSet is moved", async () => {
    await source({ template: "golden/none", release: staged });
    await expectFailure(stage, {
      reason: "PrestagedMissing",
      object: setA,
      condition: degraded,
      remedy: /Template \/dc-east\/vm\/golden\/none of vCenter 127.0.0.1, .* does not exist/,
    });
    await untilNamed([templateOf(zoneA, named), templateOf(zoneB, named)]);
  });

  test("of another release than the cluster's is said, and no MachineSet is moved", async () => {
    await source({ template: path });
    const remedy = new RegExp(`has ${staged}; wanted is ${further}`);
    await expectFailure(stage, { reason: "PrestagedMismatch", object: setA, condition: degraded, remedy });
    await untilNamed([templateOf(zoneA, named), templateOf(zoneB, named)]);
  });

  test("of the release that is wanted is what MachineSets are pointed at, and stays as it is", async () => {
    const [before, calls] = [await facts(path), await vcenterCalls(stage)];
    await source({ template: "golden/staged", release: staged });
    await untilNamed(["staged", "staged"]);
    await expectRecovery(stage);
    expect(await facts(path)).toBe(before);
    const after = await vcenterCalls(stage);
    for (const method of ["ImportVApp", "CloneVM_Task", "ReconfigVM_Task", "Rename_Task", "MarkAsTemplate"])
      expect(after.get(method), method).toBe(calls.get(method));
    const { target, templates, machineSets } = await status();
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
    await source({ template: other, release: staged });
    await untilNamed([other, other]);
  });

  test("is not retired when nothing names it any more", async () => {
    await setPolicy(stage, { template: { retain: 1 } });
    const newest = "9.8.20261204-0";
    await release(stage, newest);
    await source({ caBundle });
    await untilNamed([templateOf(zoneA, newest), templateOf(zoneB, newest)]);
    await until({ signal: stage.signal, what: "the retirement of ours", within: 60_000 }, async () => {
      await stage.lab.api.merge(policyPath, { metadata: { annotations: { "lab/look": `${Date.now()}` } } });
      return !(await inFolder(stage)).includes(templateOf(zoneA, named));
    });
    expect(await facts(path)).toContain('"staged"');
  });
});

test("a release that is older than what MachineSets have moves them only where that is allowed", async () => {
  const older = "9.8.20261130-0";
  await release(stage, older);
  const said = (words: string) =>
    until({ signal: stage.signal, what: words, within: 60_000 }, async () => {
      const all = (await status()).machineSets.map(({ state, reason }) => `${state} ${reason}`);
      if (all.every((one) => one === words)) return true;
      throw new Error(all.join());
    });
  await said("UpToDate NewerThanTarget");
  await setPolicy(stage, { rollout: { allowDowngrade: true } });
  await untilNamed([templateOf(zoneA, older), templateOf(zoneB, older)]);
  await said("UpToDate OnTarget");
});
