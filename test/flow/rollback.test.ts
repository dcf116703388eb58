// The way back as docs/rollback.md tells it: its commands are run as they stand, and do what it says.
import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { machineSetTemplates, type Stage } from "../demo/stage.ts";
import { inheritedEnvironment } from "../lab/settings.ts";
import { machineSetName } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import {
  inFolder,
  moveTo,
  release,
  setPolicy,
  templateOf,
  untilGone,
  untilKept,
  zoneA,
  zoneB,
} from "./old-templates.ts";
import { openStage } from "./open-stage.ts";

const page = await readFile(new URL("../../docs/rollback.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block ?? "");
const [name = "", look = "", list = "", hold = "", back = "", letGo = ""] = blocks;
const [first, second, third] = ["9.8.20261201-0", "9.8.20261202-0", "9.8.20261203-0"] as const;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ nodes: false });
  await setPolicy(stage, { template: { retain: 1 } });
  for (const one of [first, second]) await moveTo(stage, one);
});
afterAll(() => stage?.lab.close());

async function run(...commands: string[]): Promise<string> {
  const env = { ...inheritedEnvironment(), KUBECONFIG: stage.lab.controlPlane.kubeconfig };
  const script = commands.join("\n");
  return (await execa("bash", ["--norc", "-euo", "pipefail", "-c", script], { env, extendEnv: false, timeout: 30_000 }))
    .stdout;
}

const Status = z.object({
  status: z.object({ machineSets: z.array(z.object({ name: z.string(), state: z.string(), reason: z.string() })) }),
});

async function untilSaid(reason: string): Promise<void> {
  await until({ signal: stage.signal, what: `${machineSetName(zoneA)} ${reason}` }, async () => {
    const policy = await stage.lab.api.get("/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster");
    const said = Status.parse(policy).status.machineSets.find((set) => set.name === machineSetName(zoneA));
    if (said?.reason === reason) return true;
    throw new Error(JSON.stringify(said));
  });
}

const templateNow = async (zone = zoneA) => (await machineSetTemplates(stage)).get(machineSetName(zone));

test("the page has these blocks", () => {
  expect(blocks).toHaveLength(6);
  expect(name).toBe(`export machineset=${machineSetName(zoneA)}\n`);
});

test("what is looked at is what is there", async () => {
  expect(await run(name, look)).toBe(`now ${templateOf(zoneA, second)}, before ${templateOf(zoneA, first)}`);
  await untilKept(stage, templateOf(zoneA, first), [`MachineSet/${machineSetName(zoneA)} (previous template)`]);
  expect(await run(list)).toContain(
    `${templateOf(zoneA, first)} Retained ["MachineSet/${machineSetName(zoneA)} (previous`,
  );
});

test("held, and gone back, it stays there while the others move on, and its template stays", async () => {
  await run(name, look, hold, back);
  expect(await templateNow()).toBe(templateOf(zoneA, first));
  await untilSaid("OnHold");
  await release(stage, third);
  await until({ signal: stage.signal, what: "the other's move", within: 60_000 }, async () => {
    return (await templateNow(zoneB)) === templateOf(zoneB, third);
  });
  await untilGone(stage, [templateOf(zoneA, second), templateOf(zoneB, first)]);
  expect(await templateNow()).toBe(templateOf(zoneA, first));
  expect(await inFolder(stage)).toContain(templateOf(zoneA, first));
});

test("a patch that comes too late fails, and changes nothing", async () => {
  await expect(run(name, `present=other previous=another`, back)).rejects.toThrow(/rejected our request/);
  expect(await templateNow()).toBe(templateOf(zoneA, first));
});

test("let go, it moves on, and its way back is what it named while it was held", async () => {
  await run(name, letGo);
  await untilSaid("OnTarget");
  expect(await run(name, look)).toBe(`now ${templateOf(zoneA, third)}, before ${templateOf(zoneA, first)}`);
});
