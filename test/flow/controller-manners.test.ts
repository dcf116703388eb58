// The controller's manners: it stops when it is told to, does not fight, does not hammer, and forgets nothing by a restart.
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  judgedNodes,
  kubectl,
  machineApi,
  machineSetTemplates,
  type Stage,
  scale,
  vcenterCalls,
  waitForNodes,
} from "../demo/stage.ts";
import { folder, installedTemplate, machineSetName, type Zone, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { bootImages, vsphereObjects } from "../lab/vsphere-objects.ts";
import { conditions, expectFailure, expectRecovery } from "./fault-stage.ts";
import { openStage } from "./open-stage.ts";
import { isReadingRest } from "./reading-rest.ts";

const [zoneA, zoneB] = zones as [Zone, Zone];
const setA = `${machineApi}/machinesets/${machineSetName(zoneA)}`;
const policy = "/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster";
let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  await scale(stage, machineSetName(zoneA), 1);
  await waitForNodes(stage, "a Node Verified", { count: 1, test: ({ verdict }) => verdict === "Verified" });
});
afterAll(() => stage?.lab.close());

/** Makes the controller look again. */
async function look(): Promise<void> {
  await stage.lab.api.merge(setA, { metadata: { annotations: { "lab/look": randomUUID() } } });
}

async function calls(method: string): Promise<number> {
  return (await vcenterCalls(stage)).get(method) ?? 0;
}

async function template(zone: Zone): Promise<string | undefined> {
  return (await machineSetTemplates(stage)).get(machineSetName(zone));
}

test("Observe makes read-only calls", async () => {
  const { api, mirror } = stage.lab;
  await api.merge(policy, { spec: { mode: "Observe" } });
  const lines = async () => (await readFile(stage.lab.vcenter.trace, "utf8")).trim().split("\n");
  const before = (await lines()).length;
  const release = "9.8.20261118-0";
  await api.apply(bootImages("4.20.16", { release, ...mirror.publish({ release, diskBytes: 1_000_000 }) }));
  await until({ signal: stage.signal, what: "MachineSets that are Outdated" }, async () => {
    return (await kubectl(stage, "get", "bootimagepolicy", "cluster", "-o", "json")).includes(
      `import template lab-7x2kq-rhcos-fd-east-a-${release}`,
    );
  });
  await sleep(1_000);
  const since = (await lines()).slice(before).map((line) => JSON.parse(line).method);
  // The Machine API's own controllers read, and log in anew when they like.
  const reading =
    /^(Login|Logout|RetrieveServiceContent|Retrieve\w*|FindByInventoryPath|FindByUuid|FindAllByUuid|ContinueRetrieve\w*|CreateContainerView|CreateFilter|CreatePropertyCollector|WaitForUpdatesEx|Destroy(View|PropertyCollector|PropertyFilter)|SessionIsActive|UserSession)$/;
  expect(since.filter((method) => !reading.test(method) && !isReadingRest(method))).toEqual([]);
  expect(since.length).toBeGreaterThan(0);
});

test("a restart and a vCenter that is away change no Node and no verdict", async () => {
  const { api, controller, vcenter } = stage.lab;
  const versions = () => kubectl(stage, "get", "nodes", "-o", "jsonpath={.items[*].metadata.resourceVersion}");
  const before = await versions();
  await controller?.stop("SIGKILL");
  await controller?.start();
  await sleep(6_000);
  expect(await versions()).toBe(before);
  const infrastructure = "/apis/config.openshift.io/v1/infrastructures/cluster";
  const point = (port: number) => {
    const vcenters = [{ server: "127.0.0.1", port, datacenters: ["dc-east"] }];
    return api.merge(infrastructure, { spec: { platformSpec: { vsphere: { vcenters } } } });
  };
  await point(1);
  await until({ signal: stage.signal, what: "VCenterUnreachable" }, async () => {
    return (await conditions(stage)).get("VCentersReachable")?.reason === "VCenterUnreachable";
  });
  await sleep(2_000);
  expect(await versions()).toBe(before);
  await point(vcenter.port);
  await until({ signal: stage.signal, what: "AllReachable" }, async () => {
    return (await conditions(stage)).get("VCentersReachable")?.reason === "AllReachable";
  });
  expect(await versions()).toBe(before);
});

test("a refused password is tried once, not until the account is locked", async () => {
  const { api, installation } = stage.lab;
  await api.merge("/api/v1/namespaces/openshift-machine-api/secrets/vsphere-cloud-credentials", {
    stringData: { "127.0.0.1.password": "another" },
  });
  await look();
  await until({ signal: stage.signal, what: "LoginRefused" }, async () => {
    return (await conditions(stage)).get("VCentersReachable")?.reason === "LoginRefused";
  });
  const log = await readFile(`${stage.lab.ground.logs}/controller.log`, "utf8");
  expect(log).not.toContain("another");
  const before = await calls("Login");
  for (let time = 0; time < 3; time++) {
    await look();
    await sleep(1_200);
  }
  expect((await calls("Login")) - before).toBe(0);
  for (const object of vsphereObjects(installation)) await api.apply(object);
  await look();
  await until({ signal: stage.signal, what: "AllReachable" }, async () => {
    return (await conditions(stage)).get("VCentersReachable")?.reason === "AllReachable";
  });
});

test("a move that somebody takes back is not repeated, but said", async () => {
  const { api } = stage.lab;
  await api.merge(policy, { spec: { mode: "Manage" } });
  await until({ signal: stage.signal, what: "the move", within: 60_000 }, async () =>
    (await template(zoneA))?.includes("9.8.20261118-0"),
  );
  await expectRecovery(stage);
  await sleep(5_000);
  const value = { template: installedTemplate(zoneA) };
  await api.merge(setA, { spec: { template: { spec: { providerSpec: { value } } } } });
  await expectFailure(stage, {
    reason: "MachineSetReverted",
    object: `MachineSet/${machineSetName(zoneA)}`,
    condition: { type: "BootImageUpdateDegraded", status: "True" },
    remedy: /took its move back, 1 of 3 times/,
  });
  await look();
  await sleep(6_000);
  expect(await template(zoneA)).toBe(installedTemplate(zoneA));
});

test("a node that names a strange configuration hinders no other's verdict", async () => {
  const { api } = stage.lab;
  const annotations = { "machineconfiguration.openshift.io/currentConfig": ".." };
  await api.apply({ apiVersion: "v1", kind: "Node", metadata: { name: "hostile", annotations } });
  await scale(stage, machineSetName(zoneB), 1);
  await waitForNodes(stage, "another Node Verified", { count: 2, test: ({ verdict }) => verdict === "Verified" });
  expect((await judgedNodes(stage)).find(({ name }) => name === "hostile")?.verdict).toBe("Unknown");
});

test.each([
  ["and the import made anew", "9.8.20261119-0", "9.8.20261119-0"],
  ["also when another release is asked for meanwhile", "9.8.20261120-0", "9.8.20261121-0"],
])("a leftover of an import that was killed is removed, %s", async (_, release, next) => {
  const { api, mirror, controller, vcenter } = stage.lab;
  const gate = Promise.withResolvers<void>();
  const image = mirror.publish({ release, diskBytes: 8_000_000, hold: gate.promise });
  await api.merge(setA, { metadata: { annotations: { "bootwarden.io/hold": "true" } } });
  await api.apply(bootImages("4.20.17", { release, ...image }));
  const temporary = async () => (await vcenter.govc("find", folder, "-type", "m")).includes("bootwarden-import-");
  await until({ signal: stage.signal, what: "an import under its temporary name" }, temporary);
  await controller?.stop("SIGKILL");
  expect(await temporary()).toBe(true);
  gate.resolve();
  await api.apply(bootImages("4.20.17", { release: next, ...mirror.publish({ release: next, diskBytes: 8_000_000 }) }));
  await controller?.start();
  await until({ signal: stage.signal, what: "the move of the other MachineSet", within: 60_000 }, async () =>
    (await template(zoneB))?.includes(next),
  );
  expect(await temporary()).toBe(false);
  expect(await template(zoneA)).toBe(installedTemplate(zoneA));
});
