// The contest: somebody takes every move back. It is tried ever later, given up after the third time, also by the next controller, and
// taken up again when a person says so.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { kubectl, machineApi, machineSetTemplates, type Stage } from "../demo/stage.ts";
import { type ControllerProgram, startController } from "../lab/controller-program.ts";
import { installedTemplate, machineSetName } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { conditions } from "./fault-stage.ts";
import { release, setPolicy, templateOf, zoneA } from "./old-templates.ts";
import { openStage } from "./open-stage.ts";

const name = machineSetName(zoneA);
const path = `${machineApi}/machinesets/${name}`;
const first = "9.8.20261201-0";
const installed = installedTemplate(zoneA);
const ours = templateOf(zoneA, first);

const MachineSet = z.looseObject({
  name: z.string(),
  managedBy: z.string(),
  managedByReason: z.string(),
  state: z.string(),
  reason: z.string(),
  message: z.string(),
  contested: z.object({ times: z.number(), manager: z.string() }).optional(),
});
const Status = z.object({ status: z.object({ machineSets: z.array(MachineSet) }) });

let stage: Stage;
let controller: ControllerProgram;

async function start(): Promise<void> {
  const { ground, api, controlPlane } = stage.lab;
  controller = await startController({
    ...{ ground, api, url: controlPlane.url },
    environment: { REVERT_PAUSE_SECONDS: "2" },
  });
}

beforeAll(async () => {
  stage = await openStage({ controller: false, nodes: false });
  await setPolicy(stage, { mode: "Manage" });
  await release(stage, first);
  await start();
});
afterAll(async () => {
  await controller?.stop();
  await stage?.lab.close();
});

const templateNow = async () => (await machineSetTemplates(stage)).get(name);

async function untilNamed(template: string): Promise<void> {
  await until({ signal: stage.signal, what: `${name} at ${template}`, within: 60_000 }, async () => {
    const now = await templateNow();
    if (now === template) return true;
    throw new Error(`it names ${now}: ${JSON.stringify(await status())}`);
  });
}

async function status() {
  const policy = await stage.lab.api.get("/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster");
  return Status.parse(policy).status.machineSets.find((set) => set.name === name);
}

/** As a GitOps controller does it. */
async function takeBack(): Promise<void> {
  const manifest = { spec: { template: { spec: { providerSpec: { value: { template: installed } } } } } };
  const [namespace, manager] = ["--namespace=openshift-machine-api", "--field-manager=argocd-controller"];
  await kubectl(
    stage,
    "patch",
    "machineset",
    name,
    namespace,
    manager,
    "--type=merge",
    `-p=${JSON.stringify(manifest)}`,
  );
}

/** The API server's news of a move may take so long. */
const news = 6_000;

test("two reverts are put right, ever later, and the third is not", async () => {
  for (const times of [1, 2]) {
    await untilNamed(ours);
    await sleep(news);
    await takeBack();
    await until({ signal: stage.signal, what: `revert ${times} in the status` }, async () => {
      const said = await status();
      if (said?.contested?.times === times) return true;
      throw new Error(JSON.stringify(said));
    });
  }
  await untilNamed(ours);
  await sleep(news);
  await takeBack();
  await until({ signal: stage.signal, what: "Contested" }, async () => (await status())?.state === "Contested");
  expect(await status()).toMatchObject({
    managedBy: "Nobody",
    managedByReason: "Contested",
    contested: { times: 3, manager: "argocd-controller" },
    message: expect.stringMatching(/^argocd-controller took its move back, 3 of 3 times: .*resume/),
  });
  expect((await conditions(stage)).get("BootImageUpdateDegraded")).toMatchObject({
    status: "True",
    reason: "Contested",
  });
  const selector = `involvedObject.kind=MachineSet,involvedObject.name=${name},reason=Contested,type=Warning`;
  await until({ signal: stage.signal, what: "its Event" }, async () =>
    (await kubectl(stage, "get", "events", "-A", "--field-selector", selector)).includes("argocd-controller"),
  );
});

test("the next controller does not start the fight again", async () => {
  await controller.stop("SIGKILL");
  await controller.start();
  await sleep(15_000);
  expect(await templateNow()).toBe(installed);
  expect(await status()).toMatchObject({ state: "Contested", contested: { times: 3 } });
});

test("a person who says so has it moved again, and the count begins anew", async () => {
  const annotations = { "bootwarden.io/resumed-at": new Date().toISOString() };
  await stage.lab.api.merge(path, { metadata: { annotations } });
  await untilNamed(ours);
  await until({ signal: stage.signal, what: "OnTarget" }, async () => (await status())?.reason === "OnTarget");
  expect((await status())?.contested).toBeUndefined();
});
