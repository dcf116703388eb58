// The fault stage: what a person sees of a failure, wherever it is said, and what must not have been touched.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { z } from "zod";
import { kubectl, machineSetTemplates, type Stage } from "../demo/stage.ts";
import { folder } from "../lab/topology.ts";
import { until } from "../lab/until.ts";

const Conditions = z.object({
  status: z.object({
    conditions: z.array(z.object({ type: z.string(), status: z.string(), reason: z.string(), message: z.string() })),
  }),
});

/** The conditions of the policy by type. */
export async function conditions({ lab }: Stage) {
  const policy = await lab.api.get("/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster");
  const { status } = Conditions.parse(policy);
  return new Map(status.conditions.map((condition) => [condition.type, condition]));
}

export interface Expected {
  reason: string;
  /** `MachineSet/name` or `BootImagePolicy/cluster`. */
  object: string;
  /** The condition that says so. */
  condition: { type: string; status: string };
  /** A piece of the message, the same in condition and Event. */
  remedy: RegExp;
}

/** Waits until the failure is said by the condition, an Event, the metric and the log, in the same word. */
export async function expectFailure(stage: Stage, { reason, object, condition, remedy }: Expected): Promise<void> {
  const { lab, signal } = stage;
  const [kind = "", name = ""] = object.split("/");
  await until({ signal, what: `${reason} in condition ${condition.type}`, within: 45_000 }, async () => {
    const said = (await conditions(stage)).get(condition.type);
    if (said?.status === condition.status && said.reason === reason && remedy.test(said.message)) return true;
    throw new Error(`the condition says ${JSON.stringify(said)}`);
  });
  await until({ signal, what: `a Warning Event ${reason} at ${object}` }, async () => {
    const selector = `involvedObject.kind=${kind},involvedObject.name=${name},reason=${reason},type=Warning`;
    return remedy.test(await kubectl(stage, "get", "events", "-A", "--field-selector", selector));
  });
  await until({ signal, what: `bootwarden_failure with ${reason}` }, async () =>
    (await metrics(stage)).includes(`bootwarden_failure{kind="${kind}",name="${name}",reason="${reason}"} 1`),
  );
  expect(await readFile(join(lab.ground.logs, "controller.log"), "utf8")).toContain(`"reason":"${reason}"`);
}

/** Waits until nothing is wrong any more, in every place where it was said. */
export async function expectRecovery(stage: Stage): Promise<void> {
  await until({ signal: stage.signal, what: "recovery", within: 60_000 }, async () => {
    const said = await conditions(stage);
    const healthy =
      said.get("BootImageUpdateDegraded")?.status === "False" &&
      said.get("BootImageUpdateProgressing")?.status === "False" &&
      said.get("VCentersReachable")?.status === "True";
    if (healthy && !(await metrics(stage)).includes("bootwarden_failure{")) return true;
    throw new Error(`the conditions say ${JSON.stringify([...said.values()])}`);
  });
}

async function metrics({ lab }: Stage): Promise<string> {
  return await (await fetch(lab.controller?.metrics ?? "")).text();
}

export interface Inventory {
  virtualMachines: string[];
  templates: Map<string, string>;
}

/** Every VM and template, and what the MachineSets name. */
export async function inventory(stage: Stage): Promise<Inventory> {
  const found = await stage.lab.vcenter.govc("find", folder, "-type", "m");
  return { virtualMachines: found.split("\n").filter(Boolean).sort(), templates: await machineSetTemplates(stage) };
}
