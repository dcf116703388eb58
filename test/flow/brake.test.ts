// The brake: when the first Machine of a new template goes wrong, the MachineSets that are still to be moved stay where they are, also for
// the next controller, until a person says so or changes the policy.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { kubectl, machineApi, machineSetTemplates, type Stage, scale } from "../demo/stage.ts";
import { installedTemplate, machineSetName, type Zone } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { expectFailure, expectRecovery } from "./fault-stage.ts";
import { release, setPolicy, templateOf, zoneA, zoneB } from "./old-templates.ts";
import { openStage } from "./open-stage.ts";

const policyPath = "/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster";
const pathOf = (zone: Zone) => `${machineApi}/machinesets/${machineSetName(zone)}`;
const [first, second] = ["9.8.20261201-0", "9.8.20261202-0"];

const Halted = z.looseObject({
  reason: z.string(),
  message: z.string(),
  machineSet: z.string(),
  template: z.string(),
  moved: z.array(z.looseObject({ machineSet: z.string(), previousTemplate: z.string() })),
});
const Policy = z.object({
  status: z.object({
    machineSets: z.array(z.looseObject({ name: z.string(), state: z.string(), reason: z.string() })),
    rollout: z.object({ halted: Halted.optional(), releasedAt: z.string().optional() }),
  }),
});

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ nodes: false });
  await setPolicy(stage, { mode: "Manage" });
});
afterAll(() => stage?.lab.close());

const status = async () => Policy.parse(await stage.lab.api.get(policyPath)).status;
const templateNow = async (zone: Zone) => (await machineSetTemplates(stage)).get(machineSetName(zone));

async function hold(zone: Zone, held: "true" | null): Promise<void> {
  await stage.lab.api.merge(pathOf(zone), { metadata: { annotations: { "bootwarden.io/hold": held } } });
}

async function untilNamed(zone: Zone, template: string): Promise<void> {
  await until({ signal: stage.signal, what: `${machineSetName(zone)} at ${template}`, within: 60_000 }, async () => {
    if ((await templateNow(zone)) === template) return true;
    throw new Error(JSON.stringify(await status()));
  });
}

/** Moves one MachineSet to the release while the other is held. */
async function moveOne(name: string): Promise<void> {
  await hold(zoneB, "true");
  await release(stage, name);
  await untilNamed(zoneA, templateOf(zoneA, name));
}

/** The MachineSet's Machines are to be attached to a network. */
async function attach(zone: Zone, networkName: string): Promise<void> {
  const value = { network: { devices: [{ networkName }] } };
  await stage.lab.api.merge(pathOf(zone), { spec: { template: { spec: { providerSpec: { value } } } } });
}

test("the first Machine of a new template ends Failed: it is said in every place, with the way back", async () => {
  await moveOne(first);
  await attach(zoneA, "no-such-network");
  await scale(stage, machineSetName(zoneA), 1);
  await expectFailure(stage, {
    reason: "Halted",
    object: "BootImagePolicy/cluster",
    condition: { type: "BootImageUpdateDegraded", status: "True" },
    remedy: /ended Failed .*Moved so far: .*worker-a\. The way back: kubectl bootwarden rollback --all/,
  });
  const { rollout } = await status();
  expect(rollout.halted).toMatchObject({
    reason: "NewMachineFailed",
    machineSet: machineSetName(zoneA),
    template: templateOf(zoneA, first),
    moved: [{ machineSet: machineSetName(zoneA), previousTemplate: installedTemplate(zoneA) }],
  });
  const selector = "involvedObject.kind=Machine,reason=NewMachineFailed,type=Warning";
  expect(await kubectl(stage, "get", "events", "-A", "--field-selector", selector)).toContain(machineSetName(zoneA));
});

test("what is still to be moved stays, also when the Machine is gone and another controller has begun", async () => {
  await hold(zoneB, null);
  await scale(stage, machineSetName(zoneA), 0);
  await stage.lab.controller?.stop("SIGKILL");
  await stage.lab.controller?.start();
  await until({ signal: stage.signal, what: "Halted" }, async () =>
    (await status()).machineSets.some(({ name, state }) => name === machineSetName(zoneB) && state === "Halted"),
  );
  await until({ signal: stage.signal, what: "no Machine, or one that goes", within: 60_000 }, async () => {
    const machines = await stage.lab.api.list(`${machineApi}/machines`);
    return machines.every(({ metadata }) => metadata.deletionTimestamp !== undefined);
  });
  await sleep(5_000);
  expect(await templateNow(zoneB)).toBe(installedTemplate(zoneB));
  expect((await status()).rollout.halted?.reason).toBe("NewMachineFailed");
});

test("a person resumes it, and the rest is moved", async () => {
  await attach(zoneA, zoneA.network);
  const annotations = { "bootwarden.io/resumed-at": new Date().toISOString() };
  await stage.lab.api.merge(policyPath, { metadata: { annotations } });
  await untilNamed(zoneB, templateOf(zoneB, first));
  await expectRecovery(stage);
  const { rollout } = await status();
  expect(rollout.halted).toBeUndefined();
  expect(rollout.releasedAt).toEqual(expect.any(String));
});

test("one that does not become a node in time puts it on, and a change of the policy takes it off", async () => {
  await setPolicy(stage, { rollout: { newNodeDeadline: "10s" } });
  await moveOne(second);
  await scale(stage, machineSetName(zoneA), 1);
  await until({ signal: stage.signal, what: "a halt", within: 60_000 }, async () => {
    return (await status()).rollout.halted?.reason === "NotInTime";
  });
  await hold(zoneB, null);
  await sleep(3_000);
  expect(await templateNow(zoneB)).toBe(templateOf(zoneB, first));
  const selector = "involvedObject.kind=Machine,reason=NotInTime,type=Warning";
  expect(await kubectl(stage, "get", "events", "-A", "--field-selector", selector)).toContain("no Verified node yet");
  await setPolicy(stage, { rollout: { newNodeDeadline: "45m" } });
  await untilNamed(zoneB, templateOf(zoneB, second));
});
