// What people tell bootwarden by `kubectl bootwarden`: back, hold, resume; and that the controller obeys.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { machineApi, machineSetTemplates, type Stage } from "../demo/stage.ts";
import { installedTemplate, machineSetName, type Zone } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { account, ask, askOnTerminal, paste, withoutColours } from "./cli-room.ts";
import { moveTo, release, setPolicy, templateOf, zoneA, zoneB } from "./old-templates.ts";
import { openStage } from "./open-stage.ts";

const [first, second, third] = ["9.8.20261201-0", "9.8.20261202-0", "9.8.20261203-0"];
const [a, b] = [machineSetName(zoneA), machineSetName(zoneB)];
let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ nodes: false });
  await setPolicy(stage, { mode: "Manage" });
  await moveTo(stage, first);
});
afterAll(() => stage?.lab.close());

const templateNow = async (zone: Zone) => (await machineSetTemplates(stage)).get(machineSetName(zone));
const annotations = async (zone: Zone) => {
  const object = await stage.lab.api.get(`${machineApi}/machinesets/${machineSetName(zone)}`);
  return object?.metadata.annotations ?? {};
};

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

describe("rollback", () => {
  test("shows what it would do, and does nothing that nobody agreed to", async () => {
    const refused = await ask(stage, ["rollback", a]);
    expect(refused).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("Error (NotConfirmed): Nobody is there to be asked"),
    });
    expect(refused.stdout).toContain(`  template, now       ${templateOf(zoneA, first)}\n`);
    const { exitCode, shown } = await askOnTerminal(stage, ["rollback", a], {
      typed: "n\r",
      when: (now) => now.includes("[y/N]"),
    });
    expect({ exitCode, shown: withoutColours(shown) }).toMatchObject({
      exitCode: 1,
      shown: expect.stringContaining("Error (NotConfirmed): Nothing was changed."),
    });
    const stopped = await askOnTerminal(stage, ["rollback", a], {
      typed: "\u0003",
      when: (now) => now.includes("[y/N]"),
    });
    expect(stopped.exitCode).toBe(130);
    expect(await ask(stage, ["rollback", a, "--dry-run=server", "--yes"])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("(checked by the API server, not kept)"),
    });
    expect(await templateNow(zoneA)).toBe(templateOf(zoneA, first));
    expect(await annotations(zoneA)).not.toHaveProperty(["bootwarden.io/hold"]);
  });

  test("goes back when it is agreed to, and the controller leaves it there", async () => {
    const { exitCode, shown } = await askOnTerminal(stage, ["rollback", a], {
      typed: "y\r",
      when: (now) => now.includes("[y/N]"),
    });
    expect(exitCode).toBe(0);
    expect(withoutColours(shown)).toContain(`done: ${a} names ${installedTemplate(zoneA)} and is on hold.`);
    expect(await templateNow(zoneA)).toBe(installedTemplate(zoneA));
    await untilStatus(new RegExp(`^${a} +nobody +Skipped .*\\n  OnHold: .*\\(kubectl bootwarden resume ${a}\\)$`, "m"));
    await release(stage, second);
    await untilNamed(zoneB, templateOf(zoneB, second));
    expect(await templateNow(zoneA)).toBe(installedTemplate(zoneA));
  });

  test("is done once: then there is nothing to change", async () => {
    expect(await ask(stage, ["rollback", a, "--yes"])).toMatchObject({
      exitCode: 0,
      stdout: `MachineSet ${a}: it is back and on hold already; nothing to change.`,
    });
  });

  test("refuses a template that is gone, and what it does not know", async () => {
    const gone = templateOf(zoneB, "9.8.20261130-0");
    await stage.lab.api.merge(`${machineApi}/machinesets/${b}`, {
      metadata: { annotations: { "bootwarden.io/previous-template": gone } },
    });
    expect(await ask(stage, ["rollback", b, "--yes"])).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringContaining(
        `Error (PreviousTemplateGone): MachineSet ${b} would go back to ${gone}, which is not in vCenter`,
      ),
    });
    await stage.lab.api.merge(`${machineApi}/machinesets/${b}`, {
      metadata: { annotations: { "bootwarden.io/previous-template": null } },
    });
    expect(await ask(stage, ["rollback", b, "--yes"])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("Error (NoPreviousTemplate)"),
    });
    expect(await ask(stage, ["rollback", "lab-7x2kq-worker-c", "--yes"])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("Did you mean lab-7x2kq-worker-a?"),
    });
    expect(await ask(stage, ["rollback", "--all", "--yes"])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("Error (NotHalted)"),
    });
    expect(await templateNow(zoneB)).toBe(templateOf(zoneB, second));
  });

  test("by somebody without the right says which, and what gives it does", async () => {
    const kubeconfig = await account(stage, "operator");
    const reading = await ask(stage, ["rollback", a, "--yes"], kubeconfig);
    expect(await paste(stage, reading.stderr)).toBe(1);
    const writing = await ask(stage, ["hold", b], kubeconfig);
    expect(writing).toMatchObject({ exitCode: 77, stdout: "" });
    expect(writing.stderr).toContain(
      `may not patch machinesets.machine.openshift.io ${b} in namespace openshift-machine-api.`,
    );
    expect(await paste(stage, writing.stderr)).toBe(2);
    expect(await ask(stage, ["hold", b], kubeconfig)).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await ask(stage, ["resume", b], kubeconfig)).toMatchObject({ exitCode: 0, stderr: "" });
  });
});

describe("hold and resume", () => {
  test("a MachineSet that is let go moves on", async () => {
    const { exitCode, stdout } = await ask(stage, ["resume", a]);
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(`resumed MachineSet ${a}: bootwarden.io/hold was taken away.`),
    });
    await untilNamed(zoneA, templateOf(zoneA, second));
    expect((await ask(stage, ["resume", a])).stdout).toBe(
      `MachineSet ${a} is neither on hold nor contested; nothing was changed.`,
    );
    expect((await ask(stage, ["resume"])).stdout).toBe("The rollout is not halted; nothing was changed.");
  });

  test("one that is held stays, however often that is said", async () => {
    expect((await ask(stage, ["hold", `machineset/${b}`])).stdout).toContain(
      `held MachineSet ${b} is on hold (bootwarden.io/hold=true)`,
    );
    expect((await ask(stage, ["hold", b])).stdout).toBe(`MachineSet ${b} is on hold already; nothing was changed.`);
    await release(stage, third);
    await untilNamed(zoneA, templateOf(zoneA, third));
    await sleep(3_000);
    expect(await templateNow(zoneB)).toBe(templateOf(zoneB, second));
    await ask(stage, ["resume", b]);
    await untilNamed(zoneB, templateOf(zoneB, third));
  });
});
