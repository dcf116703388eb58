// The room of the tests on real kubelets: a lab with two of them, what runs on them, and kubectl.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { agentAnnotations, agentName, namespace, nodeLabels } from "../../common/annotations.ts";
import { Report } from "../../common/report.ts";
import type { RealNode } from "../lab/kubelets/real-node.ts";
import { type Lab, startLab } from "../lab/lab.ts";
import { inheritedEnvironment } from "../lab/settings.ts";
import { until } from "../lab/until.ts";

export interface Room {
  lab: Lab;
  controlPlane: RealNode;
  worker: RealNode;
  /** Resolves with its stdout. */
  kubectl: (...commandLine: string[]) => Promise<string>;
  pods: (app: string) => Promise<Pod[]>;
  /** The agent's pod of a node. */
  agent: (node: string) => Promise<Pod>;
  /** Runs JavaScript in a pod's container, and resolves with what it prints. */
  inside: (pod: Pod, script: string) => Promise<string>;
  /** Within a minute. */
  wait: (what: string, look: () => Promise<boolean>) => Promise<unknown>;
  close: () => Promise<void>;
}

const Container = z.object({
  containerID: z.string().optional(),
  ready: z.boolean(),
  restartCount: z.number(),
  lastState: z.object({
    terminated: z.object({ exitCode: z.number(), reason: z.string(), message: z.string().optional() }).optional(),
  }),
});
const Pod = z.object({
  metadata: z.object({ name: z.string(), uid: z.string(), deletionTimestamp: z.string().optional() }),
  spec: z.object({
    nodeName: z.string().optional(),
    containers: z.tuple([z.object({ resources: z.object({ requests: z.object({ memory: z.string() }) }) })]),
  }),
  status: z.object({ podIP: z.string().optional(), containerStatuses: z.array(Container).default([]) }),
});
export type Pod = z.infer<typeof Pod>;

const Node = z.object({
  metadata: z.object({
    resourceVersion: z.string(),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
  }),
  status: z.object({ nodeInfo: z.object({ bootID: z.string() }) }),
});

/** Starts the lab and waits until every pod of ours is ready, and every Node judged. */
export async function openRoom(signal: AbortSignal): Promise<Room> {
  const options = { controller: false, nodes: true, machineSets: true, imageMiB: 64, kubelets: 2 };
  const lab = await startLab({ ...options, say: console.error }, signal);
  const [controlPlane, worker] = lab.realNodes;
  if (controlPlane === undefined || worker === undefined) throw new TypeError("the lab has two nodes");
  const kubectl = async (...commandLine: string[]) => {
    const flags = ["--kubeconfig", lab.controlPlane.kubeconfig, ...commandLine];
    const env = inheritedEnvironment();
    return (await execa("kubectl", flags, { env, extendEnv: false, timeout: 120_000 })).stdout;
  };
  const pods = async (app: string) => {
    const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=app.kubernetes.io%2Fname%3D${app}`;
    return z.array(Pod).parse(await lab.api.list(path));
  };
  const agent = async (node: string) => {
    const found = (await pods(agentName)).filter(
      ({ spec, metadata }) => spec.nodeName === node && metadata.deletionTimestamp === undefined,
    );
    if (found[0] === undefined || found.length > 1) throw new TypeError(`${found.length} agents on ${node}`);
    return found[0];
  };
  const inside = (pod: Pod, script: string) =>
    kubectl("-n", namespace, "exec", pod.metadata.name, "--", "node", "-e", script);
  const wait = (what: string, look: () => Promise<boolean>) => until({ signal, what, within: 60_000 }, look);
  const room = { lab, controlPlane, worker, kubectl, pods, agent, inside, wait, close: lab.close };
  for (const { name } of [controlPlane, worker]) {
    await until({ signal, what: `the agent of ${name} ready`, within: 60_000 }, async () => isReady(await agent(name)));
    await verdictOf(room, name, "Verified");
  }
  return room;
}

export function isReady({ status }: Pod): boolean {
  return status.containerStatuses.length > 0 && status.containerStatuses.every(({ ready }) => ready);
}

export function restartsOf({ status }: Pod): number {
  return status.containerStatuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
}

/** A Node as the kubelet and we left it, and the report on it. */
export async function nodeOf({ lab }: Room, name: string) {
  const { metadata, status } = Node.parse(await lab.api.get(`/api/v1/nodes/${name}`));
  const text = metadata.annotations[agentAnnotations.report];
  const report = text === undefined ? undefined : Report.parse(JSON.parse(text));
  return { ...metadata, bootID: status.nodeInfo.bootID, report, verdict: metadata.labels[nodeLabels.verdict] };
}

const Summary = z.object({
  pods: z.array(
    z.object({
      podRef: z.object({ uid: z.string() }),
      containers: z.array(z.object({ memory: z.object({ workingSetBytes: z.number() }).optional() })),
    }),
  ),
});

/** MiB of the working set of a pod's container, as its kubelet tells it; undefined as long as it has not looked. */
export async function workingSetOf({ lab }: Room, { metadata, spec }: Pod): Promise<number | undefined> {
  const answer = await lab.api.send("GET", `/api/v1/nodes/${spec.nodeName}/proxy/stats/summary`);
  const pod = Summary.parse(answer).pods.find(({ podRef }) => podRef.uid === metadata.uid);
  const bytes = pod?.containers[0]?.memory?.workingSetBytes;
  return bytes === undefined ? undefined : bytes / 2 ** 20;
}

/** Waits until the Node's report is of the boot that its kubelet told, and the verdict is as wanted. */
export async function verdictOf(room: Room, name: string, verdict: string): Promise<void> {
  const { signal } = room.lab.ground;
  await until({ signal, what: `${name} ${verdict} by a report of its boot`, within: 60_000 }, async () => {
    const node = await nodeOf(room, name);
    return node.report?.bootID === node.bootID && node.verdict === verdict;
  });
}

/** The process of the agent that runs on a node, by the world's process ids, and what the kernel says of it. */
export async function agentProcess(node: string): Promise<{ pid: number; status: Map<string, string> }> {
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const file = async (name: string) => await readFile(join("/proc", pid, name), "utf8").catch(() => "");
    if (!(await file("cmdline")).includes("/opt/bootwarden/agent.cjs")) continue;
    if (!(await file("environ")).split("\0").includes(`NODE_NAME=${node}`)) continue;
    const lines = (await file("status")).split("\n").map((line) => line.split(":\t") as [string, string]);
    return { pid: Number(pid), status: new Map(lines) };
  }
  throw new TypeError(`no agent runs on ${node}`);
}
