// The course of the agent's benchmark: a real API server, a node of the lab, and the agent on it as the manifests ship it.
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { agentAnnotations } from "../../common/annotations.ts";
import { bundleProgram } from "../../scripts/bundle-program.ts";
import { type AgentProgram, startAgent } from "../lab/agent-program.ts";
import { type Api, connect } from "../lab/api.ts";
import { binaries } from "../lab/binaries.ts";
import { startControlPlane } from "../lab/control-plane.ts";
import { kubectlApply } from "../lab/crds.ts";
import { type Ground, layGround } from "../lab/ground.ts";
import { createKubelet } from "../lab/kubelet.ts";
import { createNodeRoot, type NodeRoot } from "../lab/node-root.ts";
import { deploymentOf } from "../lab/ostree-status.ts";
import { osDigest, osImage, releaseA } from "../lab/releases.ts";
import { shippedStart } from "../lab/shipped-start.ts";
import { until } from "../lab/until.ts";
import { memoryCgroup } from "./memory-cgroup.ts";

export interface Course {
  ground: Ground;
  node: string;
  agent: AgentProgram;
  root: NodeRoot;
  /** Stages an OS image that the node never had; resolves with the milliseconds until the annotation says so. */
  change: () => Promise<number>;
  /** Ends the agent, and starts it on a new boot; resolves with the milliseconds from its start to the report of that boot. */
  restart: () => Promise<number>;
  /** Of the agent's cgroup, in MiB; null where it can have none. */
  workingSet: () => Promise<number | null>;
  /** Requests of the agent that the API server has answered so far. */
  requests: () => Promise<number>;
  close: () => Promise<void>;
}

const node = "bench-node";
const manifests = fileURLToPath(new URL("../../manifests/base", import.meta.url));

export async function layCourse(signal: AbortSignal, say: (line: string) => void): Promise<Course> {
  const end = new AbortController();
  const ground = await layGround(await binaries(signal, say), AbortSignal.any([signal, end.signal]));
  const { kubeconfig, url, auditLog, children } = await startControlPlane(ground);
  const api = await connect(kubeconfig, ground.dispatcher);
  await furnish(ground, api, kubeconfig);
  const root = await createNodeRoot(ground, node, releaseA);
  const booted = { ...deploymentOf(osImage(osDigest(releaseA)), releaseA), booted: true };
  await root.deploy([booted]);
  await register(api, root);
  const { command, workingSet, remove } = await memoryCgroup(ground.directory);
  const build = { ...(await shippedBuild(ground)), command };
  const agent = await startAgent({ ground, api, url }, { node, hostRoot: root.path }, build);
  const annotation = async (name: string) => (await api.get(`/api/v1/nodes/${node}`))?.metadata.annotations?.[name];
  const seen = (what: string, look: () => Promise<boolean>) => until({ signal, what, every: 10 }, look);
  await seen("the first report", async () => (await annotation(agentAnnotations.report)) !== undefined);
  return {
    ground,
    node,
    agent,
    root,
    change: async () => {
      const digest = `sha256:${randomBytes(32).toString("hex")}`;
      const started = performance.now();
      await root.deploy([{ ...deploymentOf(osImage(digest), "9.9.20270101-0"), staged: true }, booted]);
      await seen("the change", async () => (await annotation(agentAnnotations.stagedDigest)) === digest);
      return performance.now() - started;
    },
    restart: async () => {
      await agent.stop();
      const boot = await root.newBoot();
      const started = performance.now();
      await agent.start();
      await seen("the boot", async () => (await annotation(agentAnnotations.report))?.includes(boot) === true);
      return performance.now() - started;
    },
    workingSet,
    requests: async () =>
      (await readFile(auditLog, "utf8")).split("\n").filter((line) => line.includes(account)).length,
    close: async () => {
      end.abort();
      await Promise.all(children.map(({ ended }) => ended));
      await remove();
      await ground.clear();
    },
  };
}

const account = '"username":"system:serviceaccount:bootwarden:bootwarden-agent"';

/** Our manifests, and the namespaces that they name. */
async function furnish(ground: Ground, api: Api, kubeconfig: string): Promise<void> {
  for (const name of ["config", "config-managed", "machine-api", "machine-config-operator"])
    await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: `openshift-${name}` } });
  await kubectlApply(ground, kubeconfig, ["-k", manifests]);
}

async function register(api: Api, root: NodeRoot): Promise<void> {
  const config = { name: "rendered-worker", osImageUrl: osImage(osDigest(releaseA)) };
  const kubelet = createKubelet(api, { name: node, providerId: "vsphere://bench", release: releaseA, config });
  await kubelet.register(await root.newBoot(), releaseA);
}

/** The bundle with the flags and the environment of the DaemonSet; where the kubelet would mount certificates, the lab's. */
async function shippedBuild(ground: Ground) {
  const program = join(ground.directory, "agent.cjs");
  await bundleProgram(fileURLToPath(new URL("../../agent/main.ts", import.meta.url)), program);
  const { flags, environment } = await shippedStart("agent-daemonset.yaml");
  const directory = join(ground.directory, "agent-tls");
  await mkdir(directory);
  const { certificate, key } = await ground.authority.issue("bootwarden-agent.bootwarden.svc");
  await writeFile(join(directory, "tls.crt"), certificate);
  await writeFile(join(directory, "tls.key"), key);
  return { program, flags, environment: { ...environment, TLS_DIRECTORY: directory, CLIENT_CA_FILE: ground.caFile } };
}
