// The import that is not wanted any more: it is stopped at once, and leaves nothing.
import { afterAll, beforeAll, expect, test } from "vitest";
import { kubectl, machineApi, machineSetTemplates, policyTemplates, type Stage, vcenterCalls } from "../demo/stage.ts";
import { folder, installedTemplate, machineSetName, type Zone, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { bootImages } from "../lab/vsphere-objects.ts";
import { conditions, expectRecovery } from "./fault-stage.ts";
import { importing, release } from "./held-import.ts";
import { openStage } from "./open-stage.ts";

const [zoneA, zoneB] = zones as [Zone, Zone];
const [setA, setB] = [zoneA, zoneB].map((zone) => `${machineApi}/machinesets/${machineSetName(zone)}`) as [
  string,
  string,
];
const policy = "/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster";
let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ nodes: false });
  await expectRecovery(stage);
});
afterAll(() => stage?.lab.close());

async function template(zone: Zone): Promise<string | undefined> {
  return (await machineSetTemplates(stage)).get(machineSetName(zone));
}

async function hold(path: string, value: "true" | null): Promise<void> {
  await stage.lab.api.merge(path, { metadata: { annotations: { "bootwarden.io/hold": value } } });
}

async function aborts(): Promise<number> {
  return (await vcenterCalls(stage)).get("HttpNfcLeaseAbort") ?? 0;
}

/** Waits until nothing is made any more: then nothing under a temporary name is left. */
async function noneInMaking(): Promise<void> {
  await until({ signal: stage.signal, what: "the end of the import", within: 30_000 }, async () =>
    (await policyTemplates(stage)).every(({ state }) => state !== "Importing"),
  );
  expect(await stage.lab.vcenter.govc("find", folder, "-type", "m", "-name", "bootwarden-import-*")).toBe("");
}

test("Observe, set meanwhile, stops it, and no MachineSet moves", async () => {
  const name = "9.8.20261117-0";
  const before = await aborts();
  const { open } = await release(stage, name, { held: true });
  await importing(stage, name);
  await stage.lab.api.merge(policy, { spec: { mode: "Observe" } });
  await noneInMaking();
  open();
  expect((await aborts()) - before).toBe(1);
  expect((await policyTemplates(stage)).filter(({ path }) => path.endsWith(name))).toEqual([]);
  await until({ signal: stage.signal, what: "a status that says Observe" }, async () => {
    return (await conditions(stage)).get("BootImageUpdateProgressing")?.reason === "ObserveMode";
  });
  expect([await template(zoneA), await template(zoneB)]).toEqual([installedTemplate(zoneA), installedTemplate(zoneB)]);
  const message = "jsonpath={.status.machineSets[0].message}";
  expect(await kubectl(stage, "get", "bootimagepolicy", "cluster", "-o", message)).toMatch(
    /In Manage mode bootwarden would import template/,
  );
});

test("a hold, set on the only MachineSet that it is for, stops it", async () => {
  const name = "9.8.20261118-0";
  await hold(setA, "true");
  const { open } = await release(stage, name, { held: true });
  await stage.lab.api.merge(policy, { spec: { mode: "Manage" } });
  await importing(stage, name);
  await hold(setB, "true");
  await noneInMaking();
  open();
  expect([await template(zoneA), await template(zoneB)]).toEqual([installedTemplate(zoneA), installedTemplate(zoneB)]);
  await stage.lab.api.apply(bootImages("4.20.15", stage.lab.images[0]));
  await hold(setB, null);
});

test("another release, asked for meanwhile, takes its place at once", async () => {
  const [name, next] = ["9.8.20261119-0", "9.8.20261120-0"];
  const before = await aborts();
  const { open } = await release(stage, name, { held: true });
  await importing(stage, name);
  await release(stage, next);
  // The old download still waits when the new template is in use.
  await until({ signal: stage.signal, what: "the move to the other release", within: 60_000 }, async () =>
    (await template(zoneB))?.endsWith(next),
  );
  open();
  expect((await aborts()) - before).toBe(1);
  expect(await template(zoneA)).toBe(installedTemplate(zoneA));
  await noneInMaking();
});

test("the same release under another checksum takes its place, too", async () => {
  const name = "9.8.20261121-0";
  const before = await aborts();
  const { open } = await release(stage, name, { held: true });
  await importing(stage, name);
  await release(stage, name, { diskBytes: 4_000_000 });
  await until({ signal: stage.signal, what: "the move to the mended image", within: 60_000 }, async () =>
    (await template(zoneB))?.endsWith(name),
  );
  open();
  expect((await aborts()) - before).toBe(1);
  await expectRecovery(stage);
});
