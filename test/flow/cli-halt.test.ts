// A rollout that halted, and a MachineSet that is contested, as `kubectl bootwarden` shows them, takes them back and lets them go on.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kubectl, machineApi, machineSetTemplates, type Stage, scale } from "../demo/stage.ts";
import { type ControllerProgram, startController } from "../lab/controller-program.ts";
import { installedTemplate, machineSetName, type Zone } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { ask } from "./cli-room.ts";
import { release, setPolicy, templateOf, zoneA, zoneB } from "./old-templates.ts";
import { openStage } from "./open-stage.ts";

const [first, second] = ["9.8.20261201-0", "9.8.20261202-0"];
const [a, b] = [machineSetName(zoneA), machineSetName(zoneB)];
let stage: Stage;
let controller: ControllerProgram;
beforeAll(async () => {
  stage = await openStage({ controller: false, nodes: false });
  await setPolicy(stage, { mode: "Manage" });
  await ask(stage, ["hold", b]);
  await release(stage, first);
  const { ground, api, controlPlane } = stage.lab;
  const host = { ground, api, url: controlPlane.url };
  controller = await startController({ ...host, environment: { REVERT_PAUSE_SECONDS: "1" } });
});
afterAll(async () => {
  await controller?.stop();
  await stage?.lab.close();
});

const templateNow = async (zone: Zone) => (await machineSetTemplates(stage)).get(machineSetName(zone));

async function untilNamed(zone: Zone, template: string): Promise<void> {
  const what = `${machineSetName(zone)} at ${template}`;
  await until({ signal: stage.signal, what, within: 60_000 }, async () => (await templateNow(zone)) === template);
}

async function untilStatus(wanted: RegExp): Promise<string> {
  return await until({ signal: stage.signal, what: `status shows ${wanted}`, within: 60_000, every: 500 }, async () => {
    const { stdout } = await ask(stage, ["status"]);
    if (wanted.test(stdout)) return stdout;
    throw new Error(stdout);
  });
}

/** The MachineSet's Machines are to be attached to a network. */
async function attach(zone: Zone, networkName: string): Promise<void> {
  const value = { network: { devices: [{ networkName }] } };
  const patch = { spec: { template: { spec: { providerSpec: { value } } } } };
  await stage.lab.api.merge(`${machineApi}/machinesets/${machineSetName(zone)}`, patch);
}

test("a halt is the first thing that status shows, with the way back and the way on", async () => {
  await untilNamed(zoneA, templateOf(zoneA, first));
  await attach(zoneA, "no-such-network");
  await scale(stage, a, 1);
  const told = await untilStatus(/^HALTED {4}since \d+s\. Machine .* ended Failed/m);
  expect(told).toMatch(
    /1\. The rollout is halted: .*\n {5}kubectl bootwarden explain machine\/lab-7x2kq-worker-a-\w+\n {5}kubectl bootwarden rollback --all\n {5}kubectl bootwarden resume$/m,
  );
  expect((await ask(stage, ["status"])).exitCode).toBe(2);
  await ask(stage, ["resume", b]);
  await untilStatus(new RegExp(`^${b} +bootwarden +Halted`, "m"));
  const plan = await ask(stage, ["plan"]);
  expect(plan).toMatchObject({
    exitCode: 2,
    stdout: expect.stringMatching(/^Halted: no step to 9\.8\.20261201-0 is taken\. Machine .* ended Failed/),
  });
  const [, machine = ""] = /explain (machine\/\S+)/.exec(told) ?? [];
  const explained = await ask(stage, ["explain", machine]);
  expect(explained).toMatchObject({
    exitCode: 2,
    stdout: expect.stringMatching(/ {2}BROKEN Machine .*\n.*phase Failed\. .*no-such-network/),
  });
});

test("rollback --all takes back what was moved, and nothing else", async () => {
  const { exitCode, stdout, stderr } = await ask(stage, ["rollback", "--all", "--yes"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toContain(`MachineSet ${a}\n`);
  expect(stdout).not.toContain(`MachineSet ${b}`);
  expect(await templateNow(zoneA)).toBe(installedTemplate(zoneA));
  expect(await templateNow(zoneB)).toBe(installedTemplate(zoneB));
  expect(await ask(stage, ["rollback", "--all", "--yes"])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("nothing to change"),
  });
});

test("resume lets it go on, except for what is on hold", async () => {
  await scale(stage, a, 0);
  await attach(zoneA, zoneA.network);
  const { exitCode, stdout } = await ask(stage, ["resume"]);
  expect({ exitCode, stdout }).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("resumed The rollout goes on (bootwarden.io/resumed-at="),
  });
  await untilNamed(zoneB, templateOf(zoneB, first));
  expect(await templateNow(zoneA)).toBe(installedTemplate(zoneA));
  // The policy's status follows what is done by a second or so.
  await untilStatus(/^(?![\s\S]*HALTED)/);
  expect((await ask(stage, ["resume"])).stdout).toBe("The rollout is not halted; nothing was changed.");
});

test("a contest is shown with who it is, and resume forgets it", async () => {
  await ask(stage, ["resume", a]);
  await untilNamed(zoneA, templateOf(zoneA, first));
  await release(stage, second);
  const manifest = {
    spec: { template: { spec: { providerSpec: { value: { template: installedTemplate(zoneA) } } } } },
  };
  for (let times = 1; times <= 3; times++) {
    await until({ signal: stage.signal, what: `move ${times}`, within: 60_000 }, async () =>
      (await templateNow(zoneA))?.endsWith(second),
    );
    // The API server's news of a move may take so long.
    await sleep(6_000);
    const patch = ["--field-manager=argocd-controller", "--type=merge", `-p=${JSON.stringify(manifest)}`];
    await kubectl(stage, "-n", "openshift-machine-api", "patch", "machineset", a, ...patch);
    await sleep(1_000);
  }
  const told = await untilStatus(
    new RegExp(`^CONTESTED ${a}: argocd-controller took bootwarden's move back 3 times`, "m"),
  );
  expect(told).toContain(
    `make argocd-controller leave the template alone, then say so.\n     kubectl bootwarden resume ${a}`,
  );
  const { exitCode, stdout } = await ask(stage, ["resume", a]);
  expect({ exitCode, stdout }).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/bootwarden\.io\/resumed-at=\S+: what argocd-controller took back is forgotten/),
  });
  await untilNamed(zoneA, templateOf(zoneA, second));
  await untilStatus(/Nothing to do\.$/);
});
