// The attack room: a lab with stolen credentials of every kind, in which each attack finds the same victims.
import { Agent } from "undici";
import { z } from "zod";
import { agentName, controllerName, namespace } from "../../../common/annotations.ts";
import type { Api, KubeObject } from "../../lab/api.ts";
import type { KeyPair } from "../../lab/certificates.ts";
import { type Lab, startLab } from "../../lab/lab.ts";
import { until } from "../../lab/until.ts";
import type { Credential, Row, Verb } from "./attack.ts";
import { machineSetVictims, putBack } from "./machine-set-victims.ts";
import { accounts, bootedImage, bootImageCheck, machineSets, nodes, osDigest, pods } from "./objects.ts";

export interface AttackRoom {
  lab: Lab;
  /** Sends what a row says, as the thief of a credential. */
  attempt: (thief: Credential, row: Row) => Promise<unknown>;
  /** The victims as they are: every Node, and what matters of every MachineSet. */
  victims: () => Promise<{ nodes: object[]; machineSets: object[] }>;
  /** Makes the victims as they were in the beginning. */
  restore: () => Promise<void>;
  /** Gives the accounts of agent and controller every right that RBAC can give. */
  grantEverything: () => Promise<void>;
}

/** Opens the room; `lab.close` closes it. */
export async function openAttackRoom(): Promise<AttackRoom> {
  const options = { controller: false, nodes: false, machineSets: true, imageMiB: 1, say: console.error };
  const lab = await startLab(options, new AbortController().signal);
  for (const name of ["own", "other", "busy"]) await raiseNode(lab.api, name);
  await lab.api.send("POST", "/api/v1/namespaces/default/events", {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: "own.victim", namespace: "default" },
    involvedObject: { apiVersion: "v1", kind: "Node", name: "own" },
  });
  await lab.api.send("POST", `/api/v1/namespaces/${namespace}/secrets`, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "bootwarden-agent-tls", namespace },
  });
  const thieves = await stealCredentials(lab);
  const saved = await settled(lab);
  const victims = await machineSetVictims(lab.api);
  return {
    lab,
    attempt: async (thief, [tries, verb, path, body]) =>
      send(thieves[thief], [tries, verb, path, await withUids(lab.api, body)]),
    victims: async () => ({
      nodes: await lab.api.list(nodes),
      machineSets: await machineSetVictims(lab.api),
    }),
    restore: async () => {
      for (const { metadata } of await lab.api.list(nodes)) await lab.api.remove(`${nodes}/${metadata.name}`);
      for (const name of ["own", "other", "busy"]) await raiseNode(lab.api, name);
      if (JSON.stringify(await machineSetVictims(lab.api)) !== JSON.stringify(victims)) await putBack(lab, saved);
    },
    grantEverything: () => grantEverything(lab, thieves),
  };
}

/** The MachineSets, when OpenShift's controllers have written what they write once. */
async function settled({ api, ground }: Lab): Promise<KubeObject[]> {
  return await until({ signal: ground.signal, what: "settled MachineSets" }, async () => {
    const sets = await api.list(machineSets);
    return sets.every(({ metadata }) => metadata.annotations?.["machine.openshift.io/vCPU"] !== undefined) && sets;
  });
}

/** A Node that several have written to, the agent and the controller not yet. */
async function raiseNode(api: Api, name: string): Promise<void> {
  await api.send("POST", `${nodes}?fieldManager=creator`, {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { a: "b" }, annotations: { a: "b" } },
    spec: { taints: [{ key: "kept", effect: "NoSchedule" }] },
  });
  const path = `${nodes}/${name}`;
  const byHand = {
    labels: { [osDigest]: "fedcba9876543210" },
    annotations: { [bootedImage]: "by-hand", [bootImageCheck]: "Match" },
  };
  await api.merge(`${path}?fieldManager=kubectl-annotate`, { metadata: byHand });
  for (let at = 0; name === "busy" && at < 10; at++)
    await api.merge(`${path}?fieldManager=busy-${at}`, { metadata: { annotations: { [`busy-${at}`]: "" } } });
}

type Thieves = Record<Credential, Api>;

/** Whoever may impersonate can say also of which node it is. */
const agentOnOther = {
  "impersonate-user": `system:serviceaccount:${namespace}:${agentName}`,
  "impersonate-extra-authentication.kubernetes.io%2fnode-name": "other",
};

async function stealCredentials({ api, ground }: Lab): Promise<Thieves> {
  const [onOwn, onOther, onBusy, gone] = await Promise.all(
    ["own", "other", "busy", "gone"].map((name) => raisePod(api, name)),
  );
  const as = async (account: string, pod?: Pod) => api.withToken(await tokenOf(api, account, pod));
  const kubelet = async (name: string) => {
    const pair = await ground.authority.issue(`system:node:${name}`, [], { organization: "system:nodes" });
    return api.withCertificate(certified(pair, ground.authority.certificate));
  };
  const thieves: Thieves = {
    agent: await as(agentName, onOwn),
    "agent without a node": await as(agentName),
    "agent of another node": await as(agentName, onOther),
    "agent of a pod that is gone": await as(agentName, gone),
    "agent of a busy Node": await as(agentName, onBusy),
    "agent impersonating": (await as(agentName, onOwn)).asKubelet("other"),
    "agent as itself on another node": (await as(agentName, onOwn)).impersonating(agentOnOther),
    controller: await as(controllerName),
    "controller impersonating": (await as(controllerName)).asKubelet("other"),
    "controller as an agent": (await as(controllerName)).impersonating(agentOnOther),
    kubelet: await kubelet("own"),
    "kubelet of a new node": await kubelet("fresh"),
    "kubelet impersonating": (await kubelet("own")).asKubelet("other"),
    "kubelet as an agent": (await kubelet("own")).impersonating(agentOnOther),
  };
  await api.remove(`${pods}/on-gone?gracePeriodSeconds=0`);
  return thieves;
}

function certified({ certificate: cert, key }: KeyPair, ca: string): Agent {
  return new Agent({ connect: { ca, cert, key } });
}

const Named = z.object({ metadata: z.object({ name: z.string(), uid: z.string() }) });
type Pod = z.infer<typeof Named>["metadata"];

async function raisePod(api: Api, node: string): Promise<Pod> {
  const made = await api.send("POST", pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `on-${node}`, namespace },
    spec: {
      nodeName: node,
      serviceAccountName: agentName,
      containers: [{ name: "agent", image: "agent" }],
      // For it the kubelet may ask for a token. The admission plugin that adds it is off in the lab.
      volumes: [{ name: "token", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } }],
    },
  });
  return Named.parse(made).metadata;
}

async function tokenOf(api: Api, account: string, pod?: Pod): Promise<string> {
  const boundObjectRef = pod && { kind: "Pod", apiVersion: "v1", ...pod };
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { boundObjectRef } };
  const answer = await api.send("POST", `${accounts}/${account}/token`, request);
  return z.object({ status: z.object({ token: z.string() }) }).parse(answer).status.token;
}

async function withUids(api: Api, body: unknown): Promise<unknown> {
  const text = JSON.stringify(body) ?? "null";
  const [asked, kind, name] = /uid of (?:(Node) )?([\w-]+)/.exec(text) ?? [];
  if (asked === undefined) return body;
  const { metadata } = Named.parse(await api.get(`${kind === "Node" ? nodes : pods}/${name}`));
  return JSON.parse(text.replace(asked, metadata.uid));
}

const patches: Partial<Record<Verb, string>> = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
  apply: "application/apply-patch+yaml",
};

async function send(api: Api, [, verb, path, body]: Row): Promise<unknown> {
  const type = patches[verb];
  if (type !== undefined) return await api.patch(path, body, type);
  if (verb === "put") return await api.send("PUT", path, body);
  if (verb === "post") return await api.send("POST", path, body ?? {});
  if (verb === "delete" || verb === "deletecollection") return await api.send("DELETE", path);
  return await api.send("GET", path);
}

async function grantEverything({ api, ground }: Lab, thieves: Thieves): Promise<void> {
  const subjects = [agentName, controllerName].map((name) => ({ kind: "ServiceAccount", name, namespace }));
  await api.apply({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "far-too-much" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects,
  });
  await until({ signal: ground.signal, what: "rights of an admin" }, async () => {
    for (const thief of [thieves.agent, thieves.controller]) await thief.send("GET", "/api/v1/secrets");
    return true;
  });
}
