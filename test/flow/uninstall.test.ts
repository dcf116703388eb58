// The uninstallation in a whole lab: nothing of bootwarden's is left on Nodes and MachineSets, then nothing at all, and templates stay.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { keyPrefixes, machineSetAnnotations, namespace, uninstallName } from "../../common/annotations.ts";
import { kubectl, machineApi, type Stage } from "../demo/stage.ts";
import { story } from "../demo/story.ts";
import type { Api } from "../lab/api.ts";
import { type Child, startChild } from "../lab/child.ts";
import { kubectlApply } from "../lab/crds.ts";
import { installDefinitions } from "../lab/definitions.ts";
import { writeKubeconfig } from "../lab/kubeconfig.ts";
import { LabError } from "../lab/lab-error.ts";
import { until } from "../lab/until.ts";
import { builtManifests, manifestsDirectory } from "../manifests/built.ts";
import { attacksByUninstallation } from "./attacks/uninstall-job.ts";
import { openStage } from "./open-stage.ts";
import { grantedRights } from "./rights/granted.ts";
import { told } from "./rights/right.ts";
import { covers, usedRights } from "./rights/used.ts";

const overlay = join(manifestsDirectory, "overlays/uninstall");
const program = fileURLToPath(new URL("../../controller/uninstall.ts", import.meta.url));
const account = { namespace, name: uninstallName };
const pods = `/api/v1/namespaces/${namespace}/pods`;
let stage: Stage;
let token: string;
let job: Child;

beforeAll(async () => {
  stage = await openStage({ imageMiB: 1 });
  const { ground, api, controlPlane } = stage.lab;
  await installDefinitions(ground, api, controlPlane.kubeconfig);
  await kubectlApply(ground, controlPlane.kubeconfig, ["-k", join(manifestsDirectory, "overlays/observe")]);
  for (const { play } of story.slice(0, 2)) await play(stage);
  await api.merge(`${machineApi}/machinesets/lab-7x2kq-worker-b`, {
    metadata: { annotations: { [machineSetAnnotations.hold]: "false" } },
  });
  await kubectlApply(ground, controlPlane.kubeconfig, ["-k", overlay]);
  token = await tokenOf(api);
  await policyHolds(api);
  job = await startJob();
}, 300_000);
afterAll(() => stage?.lab.close());

/** The API server takes about a second to heed a new admission policy. */
async function policyHolds(api: Api): Promise<void> {
  const [node] = await api.list("/api/v1/nodes");
  const path = `/api/v1/nodes/${node?.metadata.name}?dryRun=All`;
  await until({ signal: stage.signal, what: "the policy in force" }, async () =>
    api
      .withToken(token)
      .merge(path, { spec: { unschedulable: true } })
      .then(
        () => false,
        (error: unknown) => error instanceof LabError && error.message.includes(uninstallName),
      ),
  );
}

async function tokenOf(api: Api): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${uninstallName}/token`;
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
  return z.object({ status: z.object({ token: z.string() }) }).parse(await api.send("POST", path, request)).status
    .token;
}

/** What the Job's container runs, with the Job's own rights. */
async function startJob(): Promise<Child> {
  const { ground, controlPlane } = stage.lab;
  const path = join(ground.directory, "uninstall-kubeconfig");
  return startChild({
    name: uninstallName,
    command: process.execPath,
    arguments: [program],
    environment: { KUBECONFIG: await writeKubeconfig(ground, path, { url: controlPlane.url, token }) },
    logFile: join(ground.logs, "uninstall.log"),
    signal: ground.signal,
  });
}

/** Keys of ours on Nodes and MachineSets. */
async function keysLeft(): Promise<string[]> {
  const { api } = stage.lab;
  const objects = [...(await api.list("/api/v1/nodes")), ...(await api.list(`${machineApi}/machinesets`))];
  return objects.flatMap(({ metadata: { name, labels, annotations } }) =>
    Object.keys({ ...labels, ...annotations })
      .filter((key) => keyPrefixes.some((prefix) => key.startsWith(prefix)))
      .map((key) => `${name} ${key}`),
  );
}

test("the first command leaves no place for a controller or an agent to run", async () => {
  const { api } = stage.lab;
  const apps = `/apis/apps/v1/namespaces/${namespace}`;
  expect(await api.get(`${apps}/deployments/bootwarden-controller`)).toMatchObject({ spec: { replicas: 0 } });
  const selector = { "bootwarden.io/uninstalled": "true", "kubernetes.io/os": "linux" };
  expect(await api.get(`${apps}/daemonsets/bootwarden-agent`)).toMatchObject({
    spec: { template: { spec: { nodeSelector: selector } } },
  });
});

test("the Job waits for them, since they would write again", async () => {
  await job.line((line) => line.includes("waiting for their end"));
  expect(await keysLeft()).not.toEqual([]);
  expect(job.running()).toBe(true);
});

describe("while it waits, its account may not", () => {
  test.each(attacksByUninstallation)("%s", async (_, list, patch) => {
    const [first] = await stage.lab.api.list(list);
    const attempt = stage.lab.api.withToken(token).merge(`${list}/${first?.metadata.name}`, patch);
    await expect(attempt).rejects.toThrow(/bootwarden-uninstall.*denied request|denied request.*uninstalling/);
  });
});

test("when they are gone, so are all labels and annotations of ours, and the program ends well", async () => {
  const { api, controller, room } = stage.lab;
  const templates = await templateNames();
  await controller?.stop();
  for (const { agentPid } of room?.nodes.values() ?? []) process.kill(agentPid);
  for (const { metadata } of await api.list(pods)) await api.remove(`${pods}/${metadata.name}?gracePeriodSeconds=0`);
  await job.line((line) => line.includes('"kind":"MachineSet"'));
  await job.ended;
  expect(await keysLeft()).toEqual([]);
  expect(await templateNames()).toEqual(templates);
  expect(templates.length).toBeGreaterThan(3);
});

test("every right of its account was used, and none was missing", async () => {
  const granted = grantedRights(await builtManifests("overlays/uninstall"), account);
  const used = await usedRights(stage.lab.controlPlane.auditLog, account);
  expect(granted).toHaveLength(5);
  expect(granted.filter((right) => !used.some((one) => covers(right, one))).map(told)).toEqual([]);
  expect(used.filter((one) => !granted.some((right) => covers(right, one))).map(told)).toEqual([]);
});

test("the last command leaves nothing of ours in the cluster", async () => {
  // No controller runs here that would empty a namespace; so it is not waited for.
  await kubectl(stage, "delete", "-k", overlay, "--wait=false", "--ignore-not-found");
  await until({ signal: stage.signal, what: "nothing left" }, async () => {
    const left = await kubectl(stage, "get", "-k", overlay, "--ignore-not-found", "-o", "name").catch(refused);
    if (left === `namespace/${namespace}`) return true;
    throw new Error(left);
  });
});

/** Once the CRD is gone kubectl knows no kind of it any more; what is there it says all the same. */
function refused(error: unknown): string {
  return z.object({ stdout: z.string() }).parse(error).stdout;
}

async function templateNames(): Promise<string[]> {
  return (await stage.lab.vcenter.govc("find", "/", "-type", "m", "-name", "*-rhcos-*")).trim().split("\n").sort();
}

test("the Job runs what the image has", async () => {
  const { stdout } = await execa("kubectl", ["kustomize", overlay]);
  expect(stdout).toContain("- /opt/bootwarden/uninstall.mjs");
});
