// The commands of docs/contract.md, docs/coexistence.md and docs/troubleshooting.md: run in a lab as they stand, they say and do what the pages say.
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { machineSetAnnotations } from "../../common/annotations.ts";
import { machineApi, machineSetTemplates, type Stage, scale, waitForNodes } from "../demo/stage.ts";
import { osDigest, releaseA, releaseB } from "../lab/releases.ts";
import { inheritedEnvironment } from "../lab/settings.ts";
import { machineSetName, type Zone, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { bootImages } from "../lab/vsphere-objects.ts";
import { blocksOf } from "../markdown-pages.ts";
import { textOf } from "../source-text.ts";
import { openStage } from "./open-stage.ts";

const [zoneA, zoneB] = zones as [Zone, Zone];
const contract = textOf("docs/contract.md");
const coexistence = textOf("docs/coexistence.md");
const [listed = "", before = "", after = "", ...furtherOfContract] = blocksOf(contract, "sh");
const [who = "", none = "", all = "", tell = "", releases = "", untell = "", ...further] = blocksOf(coexistence, "sh");

const [look = "", ...furtherLooks] = blocksOf(textOf("docs/troubleshooting.md"), "sh");

/** Zone A is at release B with a Verified worker; zone B was held, and stays at release A. */
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  const { lab, signal } = stage;
  const held = { metadata: { annotations: { [machineSetAnnotations.hold]: "true" } } };
  await lab.api.merge(`${machineApi}/machinesets/${machineSetName(zoneB)}`, held);
  await until({ signal, what: "the hold, in the status" }, async () =>
    (await run(who)).includes(`${machineSetName(zoneB)}\tNobody\tOnHold`),
  );
  await lab.api.apply(bootImages("4.20.15", lab.images[1]));
  await until({ signal, what: "the move to release B", within: 60_000 }, async () =>
    (await machineSetTemplates(stage)).get(machineSetName(zoneA))?.includes(releaseB),
  );
  await scale(stage, machineSetName(zoneA), 1);
  await waitForNodes(stage, "a Node", { count: 1, test: () => true });
});
afterAll(() => stage?.lab.close());

async function run(script: string): Promise<string> {
  const { stdout } = await execa("bash", ["--norc", "-euo", "pipefail", "-c", script], {
    env: { ...inheritedEnvironment(), KUBECONFIG: stage.lab.controlPlane.kubeconfig },
    extendEnv: false,
    timeout: 90_000,
  });
  return stdout;
}

test("no command of the pages is left out", () => {
  expect([...furtherOfContract, ...further, ...furtherLooks]).toEqual([]);
});

describe("docs/contract.md", () => {
  test("what is waited for before a MachineSet is scaled up comes true", async () => {
    const said = await run(before);
    expect(said.split("\n")).toEqual(
      Array.from({ length: 3 }, () => "bootimagepolicy.bootwarden.io/cluster condition met"),
    );
  });

  test("what is waited for after it comes true", async () => {
    expect((await run(after)).match(/condition met/g)).toHaveLength(3);
  });

  test("nodes are listed with what they run", async () => {
    const said = await run(listed);
    expect(said).toMatch(new RegExp(`^${machineSetName(zoneA)}-\\S+ +Verified +${osDigest(releaseB)}$`, "m"));
    expect(said).not.toContain("node/");
  });

  test("its Node is one that the API server takes", async () => {
    const [node = ""] = blocksOf(contract, "yaml");
    const dry = await execa("kubectl", ["create", "--dry-run=server", "--validate=strict", "-o", "name", "-f", "-"], {
      env: { ...inheritedEnvironment(), KUBECONFIG: stage.lab.controlPlane.kubeconfig },
      extendEnv: false,
      input: node,
    });
    expect(dry.stdout).toBe("node/lab-7x2kq-worker-a-x8k2m");
  });
});

describe("docs/coexistence.md", () => {
  test("who manages is told, and why", async () => {
    const said = await run(who);
    expect(said).toContain(`${machineSetName(zoneA)}\tBootwarden\tEnrolled\t`);
    expect(said).toContain('"machineConfigOperator":"Unable"');
  });

  test("MachineConfiguration takes what hands over, in both directions", async () => {
    await run(all);
    expect(await selection()).toEqual({ mode: "All" });
    await run(none);
    expect(await selection()).toEqual({ mode: "None" });
    await run(`${none.replace(/'\{.*\}'/, `'{"spec":{"managedBootImages":{"machineManagers":[]}}}'`)}`);
    expect(await selection()).toBeUndefined();
  });

  test("the skew enforcement is told the oldest release that new machines boot, and forgets it", async () => {
    expect((await run(releases)).split("\n").sort()).toEqual(
      [`${releaseA}\t${machineSetName(zoneB)}`, `${releaseB}\t${machineSetName(zoneA)}`].sort(),
    );
    await run(tell);
    const manual = { mode: "RHCOSVersion", rhcosVersion: releaseA };
    expect(await skew()).toEqual({ mode: "Manual", manual });
    await run(untell);
    expect(await skew()).toBeUndefined();
  });
});

test("docs/troubleshooting.md: where to look, there is what to see", async () => {
  const said = await run(look);
  expect(said).toMatch(/^BootImageUpdateDegraded\tFalse\tAsExpected\t/m);
  expect(said).toMatch(new RegExp(`^${machineSetName(zoneA)}\tUpToDate\tOnTarget\tTemplate `, "m"));
});

const Configuration = z.object({
  spec: z.object({
    managedBootImages: z.object({ machineManagers: z.array(z.object({ selection: z.unknown() })) }),
    bootImageSkewEnforcement: z.unknown().optional(),
  }),
});

async function configuration() {
  return Configuration.parse(await stage.lab.api.get("/apis/operator.openshift.io/v1/machineconfigurations/cluster"))
    .spec;
}

const selection = async () => (await configuration()).managedBootImages.machineManagers[0]?.selection;
const skew = async () => (await configuration()).bootImageSkewEnforcement;
