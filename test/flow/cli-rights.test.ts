// What `kubectl bootwarden` shows to people who may not see everything, and where bootwarden is not there.
import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fieldNames } from "../../cli/node-listing.ts";
import { type Stage, scale, waitForNodes } from "../demo/stage.ts";
import { machineSetName } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { account, ask, paste } from "./cli-room.ts";
import { setPolicy, zoneA } from "./old-templates.ts";
import { openStage } from "./open-stage.ts";

const first = machineSetName(zoneA);
let stage: Stage;
let node = "";

beforeAll(async () => {
  stage = await openStage();
  await scale(stage, first, 1);
  const all = { count: 1, test: ({ verdict }: { verdict: string | undefined }) => verdict === "Verified" };
  node = (await waitForNodes(stage, "a Node Verified", all))[0]?.name ?? "";
  await until({ signal: stage.signal, what: "the Node in the policy's status" }, async () =>
    (await ask(stage, ["status"])).stdout.includes("1 of 1 nodes are Verified"),
  );
});
afterAll(() => stage?.lab.close());

describe("of what one may not see", () => {
  test("nothing: the right is named, and the command that gives it does", async () => {
    const kubeconfig = await account(stage, "night-shift");
    for (const args of [["status"], ["nodes"], ["plan"]]) {
      const { exitCode, stdout, stderr } = await ask(stage, args, kubeconfig);
      expect({ exitCode, stdout }).toEqual({ exitCode: 77, stdout: "" });
      const right =
        args[0] === "nodes" ? "list nodes in the whole cluster" : "get bootimagepolicies.bootwarden.io cluster";
      expect(stderr).toContain(`Error (RightMissing): system:serviceaccount:default:night-shift may not ${right}.\n`);
    }
    const { stderr } = await ask(stage, ["status"], kubeconfig);
    expect(await paste(stage, stderr)).toBe(1);
    for (const args of [["status"], ["nodes"], ["plan"], ["explain", node], ["explain", first]]) {
      const [mine, admins] = [await ask(stage, args, kubeconfig), await ask(stage, args)];
      expect(mine.stderr).toBe("");
      expect(mine.exitCode).toBe(admins.exitCode);
      expect(mine.stdout.replace(/ +\d+[sm]$/gm, "")).toBe(admins.stdout.replace(/ +\d+[sm]$/gm, ""));
    }
  });

  test("a part: the rest is shown", async () => {
    const kubeconfig = await account(stage, "manager");
    const rules = [{ apiGroups: ["bootwarden.io"], resources: ["bootimagepolicies"], verbs: ["get"] }];
    const role = {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: "manager" },
      rules,
    };
    await stage.lab.api.apply(role);
    const subjects = [{ kind: "ServiceAccount", name: "manager", namespace: "default" }];
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "manager" };
    await stage.lab.api.apply({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "manager" },
      roleRef,
      subjects,
    });
    const status = await ask(stage, ["status"], kubeconfig);
    expect(status).toMatchObject({ exitCode: 77, stderr: "" });
    expect(status.stdout).toContain("2 of 2 managed MachineSets are at the release, 1 of 1 nodes are Verified.");
    expect(status.stdout).toContain(
      "Not shown: Whether a controller is at work. system:serviceaccount:default:manager may not get leases.coordination.k8s.io bootwarden-controller in namespace bootwarden.",
    );
    expect(await ask(stage, ["plan"], kubeconfig)).toMatchObject({ exitCode: 0, stderr: "" });
    const explained = await ask(stage, ["explain", node], kubeconfig);
    expect(explained.exitCode).toBe(77);
    expect(explained.stdout).toContain("  ok     BootImagePolicy cluster");
    expect(explained.stderr).toContain("may not get nodes");
  });

  test("as somebody else, by impersonation in the kubeconfig", async () => {
    const config = JSON.parse(await readFile(stage.lab.controlPlane.kubeconfig, "utf8"));
    Object.assign(config.users[0].user, { as: "jane", "as-groups": ["viewers"] });
    const path = `${stage.lab.ground.directory}/jane`;
    await writeFile(path, JSON.stringify(config));
    expect((await ask(stage, ["nodes"], path)).stderr).toContain("jane may not list nodes in the whole cluster.");
  });
});

describe("where no controller is at work", () => {
  beforeAll(async () => {
    await stage.lab.controller?.stop();
    await setPolicy(stage, { mode: "Observe" });
  });

  test("plan, nodes and explain say so before all else, and end as they would", async () => {
    for (const args of [["plan"], ["nodes"], ["nodes", "-o", "wide"], ["explain", node], ["explain", first]]) {
      const { exitCode, stdout, stderr } = await ask(stage, args);
      expect({ args, exitCode, stderr }).toEqual({ args, exitCode: 0, stderr: "" });
      expect(stdout).toMatch(
        /^STALE {5}No controller is at work: its Lease was last renewed \d+[sm] ago\. What it says below is of then\.\n\n\S/,
      );
    }
  });

  test("JSON and CSV hold what they always hold", async () => {
    const { nodes, ...beside } = JSON.parse((await ask(stage, ["nodes", "-o", "json"])).stdout);
    expect(beside).toEqual({ schema: 1, notShown: [] });
    expect(nodes.map(Object.keys)).toEqual([fieldNames]);
    expect((await ask(stage, ["nodes", "-o", "csv"])).stdout.split("\r\n")[0]).toBe(fieldNames.join(","));
  });

  test("who may not read the Lease is told that the policy's last change was not taken up", async () => {
    const kubeconfig = `${stage.lab.ground.directory}/people/manager`;
    const { exitCode, stdout, stderr } = await ask(stage, ["plan"], kubeconfig);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const behind =
      /^STALE {5}The controller has not taken up the policy's last change yet \(generation (\d+), seen (\d+)\): what it says below is of before\.\n\n/;
    const [, generation, seen] = behind.exec(stdout) ?? [];
    expect(Number(generation)).toBe(Number(seen) + 1);
    expect((await ask(stage, ["explain", node], kubeconfig)).stdout).toMatch(behind);
  });
});

describe("where bootwarden is not", () => {
  test("no policy: how to begin", async () => {
    await stage.lab.api.remove("/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster");
    const { exitCode, stdout, stderr } = await ask(stage, ["status"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(
      /^Error \(PolicyAbsent\): There is no BootImagePolicy cluster, so bootwarden does nothing yet\./,
    );
  });

  test("a policy that nobody has looked at: where to look", async () => {
    const policy = {
      apiVersion: "bootwarden.io/v1alpha1",
      kind: "BootImagePolicy",
      metadata: { name: "cluster" },
      spec: { mode: "Observe" },
    };
    await stage.lab.api.apply(policy);
    expect(await ask(stage, ["plan"])).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringContaining("Error (StatusAbsent)"),
    });
    expect(await ask(stage, ["status"])).toMatchObject({
      exitCode: 2,
      stdout: expect.stringContaining("The controller has not written a status yet"),
    });
  });

  test("no CustomResourceDefinition: it is not installed", async () => {
    await stage.lab.api.remove(
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/bootimagepolicies.bootwarden.io",
    );
    const told = await until({ signal: stage.signal, what: "the end of the kind" }, async () => {
      const answer = await ask(stage, ["status"]);
      return answer.stderr.includes("not installed") && answer;
    });
    expect(told).toMatchObject({ exitCode: 1, stdout: "" });
    expect(told.stderr).toContain(
      "bootwarden is not installed in this cluster, which knows no bootimagepolicies.bootwarden.io.",
    );
    expect((await ask(stage, ["nodes"])).stdout).toContain(node);
  });
});
