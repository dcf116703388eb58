// The procedure that OpenShift documents for boot images on vSphere, word by word: MachineConfiguration is edited to All, to Partial by a
// label, and to None. Where the Machine Config Operator of the release cannot act, bootwarden does as it says; where it can, bootwarden
// only verifies. In both cases a new node is checked. There is no Machine Config Operator in the lab: see `editMachineConfiguration`.
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { kubectl, machineApi, type Stage, scale, vcenterCalls, waitForNodes } from "../demo/stage.ts";
import { osDigest, releaseB } from "../lab/releases.ts";
import { inheritedEnvironment } from "../lab/settings.ts";
import { installedTemplate, machineSetName, type Zone, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { conditions } from "./fault-stage.ts";
import { release } from "./held-import.ts";
import { editMachineConfiguration as edit } from "./machine-configuration.ts";
import { openStage } from "./open-stage.ts";

const [zoneA, zoneB] = zones as [Zone, Zone];
const east = { mode: "Partial", matchLabels: { region: "east" } } as const;
const policy = "/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster";
const sets = ["-n", "openshift-machine-api"];
let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
  await kubectl(stage, "label", "machineset.machine.openshift.io", "--all", "region-", ...sets);
  await stage.lab.api.merge(policy, { spec: { selection: { mode: "FollowMachineConfiguration" } } });
});
afterAll(() => stage?.lab.close());

/** What the documentation says to look at: the template in the provider spec. */
async function template(zone: Zone): Promise<string> {
  const path = "jsonpath={.spec.template.spec.providerSpec.value.template}";
  return await kubectl(stage, ...sets, "get", "machineset.machine.openshift.io", machineSetName(zone), "-o", path);
}

const Status = z.object({
  status: z.object({
    target: z.object({ release: z.string() }),
    machineSets: z.array(z.object({ name: z.string(), managedBy: z.string(), managedByReason: z.string() })),
  }),
});

/** Waits until the policy's status knows the release, and says this of the MachineSets, in the order of the zones. */
async function untilManaged(target: string, expected: readonly [string, string]): Promise<void> {
  await until({ signal: stage.signal, what: `${expected} at ${target}`, within: 60_000 }, async () => {
    const { status } = Status.parse(await stage.lab.api.get(policy));
    const said = zones.map((zone) => {
      const one = status.machineSets.find(({ name }) => name === machineSetName(zone));
      return `${one?.managedBy} ${one?.managedByReason}`;
    });
    if (status.target.release === target && said.join() === expected.join()) return true;
    throw new Error(`${status.target.release}: ${said}`);
  });
}

/** Waits until nothing is being done, with these words of the documentation's conditions. */
async function untilReconciled(count: string): Promise<void> {
  await until({ signal: stage.signal, what: `Reconciled ${count}`, within: 90_000 }, async () => {
    const said = await conditions(stage);
    const [progressing, degraded] = [said.get("BootImageUpdateProgressing"), said.get("BootImageUpdateDegraded")];
    const words = `Reconciled ${count} MAPI MachineSets | Reconciled 0 of 0 CAPI MachineSets | Reconciled 0 of 0 CAPI MachineDeployments`;
    if (progressing?.message === words && progressing.status === "False" && degraded?.status === "False") return true;
    throw new Error(`${progressing?.status} ${progressing?.message}; ${degraded?.status} ${degraded?.message}`);
  });
}

/** Scales the MachineSet up by one; the new node is Verified, its disk was flashed from `image`, and rpm-ostree says so, too. */
async function newNode(zone: Zone, image: string): Promise<void> {
  const { lab } = stage;
  const before = new Set((await lab.api.list("/api/v1/nodes")).map(({ metadata }) => metadata.name));
  const replicas = Number(
    await kubectl(
      stage,
      ...sets,
      "get",
      "machineset.machine.openshift.io",
      machineSetName(zone),
      "-o",
      "jsonpath={.spec.replicas}",
    ),
  );
  await scale(stage, machineSetName(zone), replicas + 1);
  const [node] = await waitForNodes(stage, `a new Node of ${image}`, {
    count: 1,
    test: ({ name, verdict, bootImage }) => !before.has(name) && verdict === "Verified" && bootImage === image,
  });
  // `oc debug node/…`, then `chroot /host`, then `rpm-ostree status`.
  const root = lab.room?.nodes.get(node?.name ?? "")?.root ?? "";
  const { stdout } = await execa("chroot", [root, "rpm-ostree", "status"], {
    env: inheritedEnvironment(),
    extendEnv: false,
    timeout: 30_000,
  });
  expect(stdout).toMatch(/^[*●] .*@sha256:/m);
  expect(stdout).toContain(osDigest(releaseB));
  expect(node?.message).toContain(image);
}

describe("where the Machine Config Operator cannot act on vSphere: OpenShift 4.20 without the feature gate", () => {
  const [first, second, third] = [releaseB, "9.8.20261201-0", "9.8.20261202-0"];

  test("None: nothing is moved", async () => {
    await stage.lab.api.merge(policy, { spec: { mode: "Manage" } });
    await release(stage, first);
    await untilManaged(first, ["Nobody NotSelected", "Nobody NotSelected"]);
    await untilReconciled("0 of 0");
    expect([await template(zoneA), await template(zoneB)]).toEqual(zones.map(installedTemplate));
  });

  test("All: every MachineSet is moved, and a new node boots the release", async () => {
    await edit(stage, { mode: "All" });
    await untilManaged(first, ["Bootwarden Enrolled", "Bootwarden Enrolled"]);
    await untilReconciled("2 of 2");
    expect([await template(zoneA), await template(zoneB)]).toEqual(
      zones.map((zone) => `${installedTemplate(zone)}-${first}`),
    );
    await newNode(zoneA, first);
  });

  test("Partial: none carries the label, so none is moved; the one that is given it is", async () => {
    await edit(stage, east);
    await untilManaged(first, ["Nobody NotSelected", "Nobody NotSelected"]);
    await release(stage, second);
    await untilManaged(second, ["Nobody NotSelected", "Nobody NotSelected"]);
    await untilReconciled("0 of 0");
    await kubectl(stage, "label", "machineset.machine.openshift.io", machineSetName(zoneB), "region=east", ...sets);
    await untilManaged(second, ["Nobody NotSelected", "Bootwarden Enrolled"]);
    await untilReconciled("1 of 1");
    expect([await template(zoneA), await template(zoneB)]).toEqual([
      `${installedTemplate(zoneA)}-${first}`,
      `${installedTemplate(zoneB)}-${second}`,
    ]);
    await newNode(zoneB, second);
    await newNode(zoneA, first);
  });

  test("None again: the next release moves nothing, and the templates stay", async () => {
    await edit(stage, { mode: "None" });
    await release(stage, third);
    await untilManaged(third, ["Nobody NotSelected", "Nobody NotSelected"]);
    await untilReconciled("0 of 0");
    expect([await template(zoneA), await template(zoneB)]).toEqual([
      `${installedTemplate(zoneA)}-${first}`,
      `${installedTemplate(zoneB)}-${second}`,
    ]);
    await newNode(zoneB, second);
  });
});

describe.each([
  ["OpenShift 4.20 with the feature gate", { version: "4.20.14", gate: true, next: "9.8.20261203-0" }],
  ["OpenShift 4.21", { version: "4.21.3", gate: false, next: "9.8.20261204-0" }],
])("where the Machine Config Operator can: %s", (_, { version, gate, next }) => {
  const changing =
    /Import|Clone|MarkAs|Rename|Destroy|Reconfig|Create(?!ContainerView|Filter|PropertyCollector)|attach/i;
  let before: string[];

  beforeAll(async () => {
    const { api } = stage.lab;
    const [on, off] = gate ? [["ManagedBootImagesvSphere"], []] : [[], ["ManagedBootImagesvSphere"]];
    const named = (names: string[]) => names.map((name) => ({ name }));
    const gates = [{ version, enabled: named(on), disabled: named(off) }];
    await api.merge("/apis/config.openshift.io/v1/featuregates/cluster/status", { status: { featureGates: gates } });
    const history = [
      {
        state: "Completed",
        startedTime: "2026-11-20T16:00:00Z",
        completionTime: "2026-11-20T18:00:00Z",
        version,
        verified: true,
        image: "x",
      },
    ];
    const status = { desired: { version, image: "x" }, history };
    await api.merge("/apis/config.openshift.io/v1/clusterversions/version/status", { status });
    before = [await template(zoneA), await template(zoneB)];
  });

  /** What is on the MachineSets, and what has changed anything in vCenter. */
  async function written(): Promise<unknown[]> {
    const versions = (await stage.lab.api.list(`${machineApi}/machinesets`)).map(({ spec }) => JSON.stringify(spec));
    const calls = [...(await vcenterCalls(stage))].filter(([method]) => changing.test(method));
    return [versions, calls];
  }

  test("All: they are the Machine Config Operator's, nothing is written, and a new node is judged", async () => {
    await edit(stage, { mode: "All" });
    await release(stage, next);
    const then = await written();
    await untilManaged(next, ["MCO ManagedByMCO", "MCO ManagedByMCO"]);
    await untilReconciled("0 of 0");
    expect(await written()).toEqual(then);
    expect([await template(zoneA), await template(zoneB)]).toEqual(before);
    await newNode(zoneB, "9.8.20261201-0");
  });

  test("Partial: what carries the label is the Machine Config Operator's, and nothing is bootwarden's", async () => {
    await edit(stage, east);
    const then = await written();
    await untilManaged(next, ["Nobody NotSelected", "MCO ManagedByMCO"]);
    await untilReconciled("0 of 0");
    expect(await written()).toEqual(then);
    await newNode(zoneA, releaseB);
  });

  test("None again: nobody's", async () => {
    await edit(stage, { mode: "None" });
    const then = await written();
    await untilManaged(next, ["Nobody NotSelected", "Nobody NotSelected"]);
    await untilReconciled("0 of 0");
    expect(await written()).toEqual(then);
  });
});
