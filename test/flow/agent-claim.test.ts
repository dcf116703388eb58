// The agent without a node in its credentials: it writes nothing and says why, and goes on when it is given its own.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { agentAnnotations, agentName, namespace } from "../../common/annotations.ts";
import { type Child, startChild } from "../lab/child.ts";
import { freePort } from "../lab/free-port.ts";
import { writeKubeconfig } from "../lab/kubeconfig.ts";
import { type Lab, startLab } from "../lab/lab.ts";
import { createNodeRoot } from "../lab/node-root.ts";
import { deploymentOf } from "../lab/ostree-status.ts";
import { osDigest, osImage, releaseA } from "../lab/releases.ts";
import { until } from "../lab/until.ts";

const program = fileURLToPath(new URL("../../agent/main.ts", import.meta.url));
const node = "/api/v1/nodes/worker-0";
const Made = z.object({ metadata: z.object({ name: z.string(), uid: z.string() }) });
let lab: Lab;
let agent: Child;
let tokenFile: string;
let port: number;

beforeAll(async () => {
  const options = { controller: false, nodes: false, machineSets: false, imageMiB: 1, say: console.error };
  lab = await startLab(options, new AbortController().signal);
  for (const name of ["worker-0", "worker-1"])
    await lab.api.apply({ apiVersion: "v1", kind: "Node", metadata: { name } });
  const { ground, controlPlane } = lab;
  const root = await createNodeRoot(ground, "worker-0", releaseA);
  await root.newBoot();
  await root.deploy([{ ...deploymentOf(osImage(osDigest(releaseA)), releaseA), booted: true }]);
  const directory = join(ground.directory, "claim");
  await mkdir(directory);
  tokenFile = join(directory, "token");
  await writeFile(tokenFile, await tokenOf());
  port = await freePort();
  const kubeconfig = await writeKubeconfig(ground, join(directory, "kubeconfig"), { url: controlPlane.url, tokenFile });
  agent = startChild({
    name: "agent",
    command: process.execPath,
    arguments: [program],
    environment: {
      NODE_NAME: "worker-0",
      HOST_ROOT: root.path,
      KUBECONFIG: kubeconfig,
      LISTEN: `127.0.0.1:${port}`,
      PLAIN_HTTP: "true",
      LOG_LEVEL: "debug",
    },
    logFile: join(ground.logs, "agent.log"),
    signal: ground.signal,
  });
});
afterAll(() => lab?.close());

/** A token of the agent's account: bound to its pod on a node, or to none. */
async function tokenOf(nodeName?: string): Promise<string> {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `on-${nodeName}`, namespace },
    spec: { nodeName, serviceAccountName: agentName, containers: [{ name: "agent", image: "agent" }] },
  };
  const made = nodeName === undefined ? undefined : Made.parse(await lab.api.send("POST", pods, pod)).metadata;
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${agentName}/token`;
  const boundObjectRef = made && { apiVersion: "v1", kind: "Pod", ...made };
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { boundObjectRef } };
  const answer = await lab.api.send("POST", path, request);
  return z.object({ status: z.object({ token: z.string() }) }).parse(answer).status.token;
}

async function says(words: RegExp): Promise<void> {
  await until({ signal: lab.ground.signal, what: `the agent says ${words}` }, async () =>
    (await readFile(agent.logFile, "utf8"))
      .split("\n")
      .some((line) => line.includes('"NoNodeClaim"') && words.test(line)),
  );
}

const Entry = z.object({ user: z.object({ username: z.string() }), verb: z.string(), requestURI: z.string() });

/** What the API server was asked by the agent's account. */
async function asked(): Promise<string[]> {
  const lines = (await readFile(lab.controlPlane.auditLog, "utf8")).trim().split("\n");
  const entries = lines.map((line) => Entry.parse(JSON.parse(line)));
  const own = entries.filter(({ user }) => user.username === `system:serviceaccount:${namespace}:${agentName}`);
  return [...new Set(own.map(({ verb, requestURI }) => `${verb} ${requestURI}`))];
}

const whoAmI = "create /apis/authentication.k8s.io/v1/selfsubjectreviews";

test("a token that is bound to no pod, and one of another node's, are refused by the agent itself", async () => {
  await says(/The API server sees no node in the agent's credentials/);
  await writeFile(tokenFile, await tokenOf("worker-1"));
  await says(/are of a pod on node worker-1, but NODE_NAME is worker-0/);
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(503);
  expect(await asked()).toEqual([whoAmI]);
  expect((await lab.api.get(node))?.metadata.annotations).toBeUndefined();
});

test("with a token of its own pod it writes, without a restart", async () => {
  await writeFile(tokenFile, await tokenOf("worker-0"));
  await until({ signal: lab.ground.signal, what: "a report", within: 60_000 }, async () => {
    return (await lab.api.get(node))?.metadata.annotations?.[agentAnnotations.report] !== undefined;
  });
  expect(await asked()).toEqual([whoAmI, `get ${node}`, `patch ${node}?fieldManager=${agentName}`]);
});
