// The agent of a simulated node: the real program as a process, with a token bound to its pod on that node.
import { randomBytes } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { agentName, namespace } from "../../common/annotations.ts";
import type { Api } from "./api.ts";
import { type Child, startChild } from "./child.ts";
import { freePort } from "./free-port.ts";
import type { Ground } from "./ground.ts";
import { writeKubeconfig } from "./kubeconfig.ts";

export interface AgentProgram {
  listen: string;
  /** Where it serves them over plain HTTP. */
  metrics: string;
  pid: () => number;
  start: () => Promise<void>;
  stop: () => Promise<void>;
  /** Writes another token of the pod into its file; "spoilt": what no API server takes. */
  rotateToken: (token?: "spoilt") => Promise<void>;
  /** Ends it and removes its pod. */
  remove: () => Promise<void>;
}

/** What is run, and how. */
interface AgentBuild {
  /** What runs it; Node if left out. */
  command?: string[];
  program: string;
  flags: string[];
  environment: Record<string, string>;
}

export const sources: AgentBuild = {
  program: fileURLToPath(new URL("../../agent/main.ts", import.meta.url)),
  flags: [],
  // A lab's hosts are upgraded, and its faults played, in seconds.
  environment: { PLAIN_HTTP: "true", MIN_LOOK_SECONDS: "1" },
};

/** Makes the pod that the DaemonSet would have on the node, and starts the agent as its container would. */
export async function startAgent(
  host: { ground: Ground; api: Api; url: string },
  { node, hostRoot }: { node: string; hostRoot: string },
  build = sources,
): Promise<AgentProgram> {
  const { ground, api, url } = host;
  const pod = await createPod(api, node);
  const directory = join(ground.directory, "agents", node);
  await mkdir(directory, { recursive: true });
  const tokenFile = join(directory, "token");
  await writeFile(tokenFile, await boundToken(api, pod), { mode: 0o600 });
  const kubeconfig = await writeKubeconfig(ground, join(directory, "kubeconfig"), { url, tokenFile });
  const listen = `127.0.0.1:${await freePort()}`;
  const [command = process.execPath, ...before] = build.command ?? [];
  let child: Child | undefined;
  const stop = async () => {
    await child?.stop();
    child = undefined;
  };
  const start = async () => {
    child = startChild({
      name: `agent/${node}`,
      command,
      arguments: [...before, ...build.flags, build.program],
      environment: {
        ...build.environment,
        NODE_NAME: node,
        HOST_ROOT: hostRoot,
        KUBECONFIG: kubeconfig,
        LISTEN: listen,
      },
      logFile: join(ground.logs, `agent-${node}.log`),
      signal: ground.signal,
    });
    await setReady(api, pod.path, true);
  };
  await start();
  return {
    listen,
    metrics: `http://${listen}/metrics`,
    pid: () => child?.pid ?? 0,
    start,
    stop: async () => {
      await stop();
      await setReady(api, pod.path, false);
    },
    rotateToken: async (token) => replaceToken(tokenFile, token ?? (await boundToken(api, pod))),
    remove: async () => {
      await stop();
      await api.remove(`${pod.path}?gracePeriodSeconds=0`);
    },
  };
}

/** As the kubelet does it: the file is replaced, never half written. */
async function replaceToken(file: string, token: string): Promise<void> {
  await writeFile(`${file}.new`, token, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

interface Pod {
  name: string;
  uid: string;
  path: string;
}

const DaemonSet = z.object({
  metadata: z.object({ uid: z.string() }),
  spec: z.object({ template: z.object({ metadata: z.looseObject({}), spec: z.looseObject({}) }) }),
});

/** No controller-manager runs in the lab: this does for one node what the DaemonSet controller does. */
async function createPod(api: Api, node: string): Promise<Pod> {
  const set = DaemonSet.parse(await api.get(`/apis/apps/v1/namespaces/${namespace}/daemonsets/${agentName}`));
  const name = `${agentName}-${randomBytes(3).toString("hex").slice(0, 5)}`;
  const owner = { apiVersion: "apps/v1", kind: "DaemonSet", name: agentName, uid: set.metadata.uid, controller: true };
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const made = await api.send("POST", pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...set.spec.template.metadata, name, namespace, ownerReferences: [owner] },
    spec: { ...set.spec.template.spec, nodeName: node },
  });
  const { metadata } = z.object({ metadata: z.object({ uid: z.string() }) }).parse(made);
  return { name, uid: metadata.uid, path: `${pods}/${name}` };
}

async function boundToken(api: Api, pod: Pod): Promise<string> {
  const request = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: {
      expirationSeconds: 24 * 3600,
      boundObjectRef: { apiVersion: "v1", kind: "Pod", name: pod.name, uid: pod.uid },
    },
  };
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${agentName}/token`;
  const answer = await api.send("POST", path, request);
  return z.object({ status: z.object({ token: z.string() }) }).parse(answer).status.token;
}

async function setReady(api: Api, path: string, ready: boolean): Promise<void> {
  const lastTransitionTime = new Date().toISOString().replace(/\.\d+/, "");
  const condition = { type: "Ready", status: ready ? "True" : "False", lastTransitionTime };
  await api.merge(`${path}/status`, { status: { phase: "Running", conditions: [condition] } });
}
