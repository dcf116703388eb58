// The fates of our pods on real kubelets: crashes, hangs, updates, reboots and drains. Tests, for a room that is open.
import { expect, test } from "vitest";
import { z } from "zod";
import { agentName, controllerName, namespace } from "../../common/annotations.ts";
import { kubectlApply } from "../lab/crds.ts";
import { writeOverlay } from "../lab/kubelets/installation.ts";
import { osDigest, osImage } from "../lab/releases.ts";
import { agentWrites } from "./agent-writes.ts";
import { agentProcess, isReady, nodeOf, type Room, restartsOf, verdictOf } from "./room.ts";

const daemonSet = `/apis/apps/v1/namespaces/${namespace}/daemonsets/${agentName}`;
const DaemonSet = z.object({
  metadata: z.object({ generation: z.number() }),
  status: z.object({
    observedGeneration: z.number(),
    desiredNumberScheduled: z.number(),
    updatedNumberScheduled: z.number().default(0),
    numberUnavailable: z.number().default(0),
  }),
});

export function fates(room: () => Room): void {
  test("an agent that is killed is started again, tells how it ended, and writes nothing, as nothing is new", async () => {
    const before = await nodeOf(room(), room().worker.name);
    const written = (await agentWrites(room())).length;
    process.kill((await agentProcess(room().worker.name)).pid, "SIGKILL");
    await room().wait("the agent's second life", async () => {
      const pod = await room().agent(room().worker.name);
      return restartsOf(pod) === 1 && isReady(pod);
    });
    const pod = await room().agent(room().worker.name);
    expect(pod.status.containerStatuses[0]?.lastState.terminated).toMatchObject({ exitCode: 137 });
    const log = await room().kubectl("-n", namespace, "logs", "--previous", pod.metadata.name);
    expect(log).toContain('"msg":"Started"');
    const after = await nodeOf(room(), room().worker.name);
    expect(ofAgent(after.annotations)).toEqual(ofAgent(before.annotations));
    expect(await agentWrites(room())).toHaveLength(written);
  });

  test("a container that hangs is found out by its probes, and replaced", async () => {
    // Not quicker: on busy cores agents that are well would be found out, too.
    const quick = { periodSeconds: 1, timeoutSeconds: 3, failureThreshold: 2 };
    const containers = [{ name: "agent", livenessProbe: quick, readinessProbe: quick }];
    // What hangs does not end when it is asked to.
    const patch = { spec: { template: { spec: { containers, terminationGracePeriodSeconds: 1 } } } };
    await room().lab.api.patch(daemonSet, patch, "application/strategic-merge-patch+json");
    await room().kubectl("-n", namespace, "rollout", "status", `ds/${agentName}`, "--timeout=60s");
    const { pid } = await agentProcess(room().worker.name);
    process.kill(pid, "SIGSTOP");
    await room().wait("not ready", async () => !isReady(await room().agent(room().worker.name)));
    await room().wait("ready again", async () => {
      const pod = await room().agent(room().worker.name);
      return restartsOf(pod) === 1 && isReady(pod);
    });
    const events = await room().kubectl("-n", namespace, "get", "events", "-o", "jsonpath={.items[*].message}");
    expect(events).toContain("Container agent failed liveness probe, will be restarted");
  });

  test("an update goes from node to node: here one that gives the agents all rights, and later takes them back", async () => {
    const apply = async (components: string[]) => {
      const overlay = await writeOverlay(room().lab.ground, components);
      await kubectlApply(room().lab.ground, room().lab.controlPlane.kubeconfig, ["-k", overlay]);
    };
    // With the quick probes of the test before, an agent may be found out beside the one that is replaced.
    await apply([]);
    await room().kubectl("-n", namespace, "rollout", "status", `ds/${agentName}`, "--timeout=60s");
    await room().wait("all agents available", async () => {
      const { status, metadata } = DaemonSet.parse(await room().lab.api.get(daemonSet));
      return status.numberUnavailable === 0 && status.observedGeneration === metadata.generation;
    });
    await apply(["privileged-agent"]);
    let most = 0;
    await room().wait("all agents replaced", async () => {
      const { status, metadata } = DaemonSet.parse(await room().lab.api.get(daemonSet));
      most = Math.max(most, status.numberUnavailable);
      const { desiredNumberScheduled: all, updatedNumberScheduled: updated, numberUnavailable: unavailable } = status;
      return updated === all && unavailable === 0 && status.observedGeneration === metadata.generation;
    });
    expect(most).toBe(1);
    const { status } = await agentProcess(room().worker.name);
    expect(status.get("Seccomp")).toBe("0");
    await room().wait("a ready agent", async () => isReady(await room().agent(room().worker.name)));
  });

  test("after a reboot into another image the node is told of as it is, and judged again", async () => {
    const before = await nodeOf(room(), room().worker.name);
    await room().worker.bootImage(osImage(osDigest("wrong")), "9.9.20261201-0");
    await verdictOf(room(), room().worker.name, "Mismatch");
    const after = await nodeOf(room(), room().worker.name);
    expect(after.bootID).not.toBe(before.bootID);
    expect(after.report?.booted?.digest).toBe(osDigest("wrong"));
    // The disk is the same.
    expect(after.report?.bootImage).toEqual(before.report?.bootImage);
  });

  test("a drain leaves the agent, and takes the controllers, which come back", async () => {
    const gone = (await room().pods(controllerName)).map(({ metadata }) => metadata.uid);
    expect(gone).toHaveLength(2);
    await room().kubectl("drain", room().controlPlane.name, "--ignore-daemonsets", "--timeout=60s");
    const left = (await room().pods(controllerName)).map(({ metadata }) => metadata.uid);
    expect(left.filter((uid) => gone.includes(uid))).toEqual([]);
    expect(isReady(await room().agent(room().controlPlane.name))).toBe(true);
    await room().kubectl("uncordon", room().controlPlane.name);
    await room().wait("a controller", async () => (await room().pods(controllerName)).some(isReady));
  });

  test("uninstalled, no pod of theirs runs, and nothing that they wrote is left on a Node", async () => {
    const overlay = await writeOverlay(room().lab.ground, ["uninstall"]);
    await kubectlApply(room().lab.ground, room().lab.controlPlane.kubeconfig, ["-k", overlay]);
    const job = ["job/bootwarden-uninstall", "--for=condition=Complete", "--timeout=60s"];
    await room().kubectl("-n", namespace, "wait", ...job);
    const pods = [...(await room().pods(agentName)), ...(await room().pods(controllerName))];
    expect(pods.map(({ metadata }) => metadata.name)).toEqual([]);
    for (const { metadata } of await room().lab.api.list("/api/v1/nodes")) {
      const keys = Object.keys({ ...metadata.labels, ...metadata.annotations });
      expect(keys.filter((key) => /(^|\.)bootwarden\.io\//.test(key))).toEqual([]);
    }
  });
}

/** The controller's may come later. */
function ofAgent(annotations: Record<string, string>): [string, string][] {
  return Object.entries(annotations).filter(([key]) => key.startsWith("agent.bootwarden.io/"));
}
