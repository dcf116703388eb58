// The client CA of the metrics, with the rights of the controller's ServiceAccount: copied, followed, and put right again.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { clientCAKey, controllerName, metricsClientCA, namespace } from "../../common/annotations.ts";
import { createLog } from "../../common/log.ts";
import { createKube } from "../../controller/cluster/kube.ts";
import { readKubeConfig } from "../../controller/cluster/kube-config.ts";
import { keepMetricsClientCA } from "../../controller/metrics-client-ca.ts";
import { type Api, connect } from "../lab/api.ts";
import { binaries } from "../lab/binaries.ts";
import { createAuthority } from "../lab/certificates.ts";
import { type ControlPlane, startControlPlane } from "../lab/control-plane.ts";
import { kubectlApply } from "../lab/crds.ts";
import { type Ground, layGround } from "../lab/ground.ts";
import { writeKubeconfig } from "../lab/kubeconfig.ts";
import { until } from "../lab/until.ts";

const manifests = fileURLToPath(new URL("../../manifests/base", import.meta.url));
const source = "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication";
const copy = `/api/v1/namespaces/${namespace}/configmaps/${metricsClientCA}`;
const end = new AbortController();
let ground: Ground;
let controlPlane: ControlPlane;
let api: Api;
let keeping: Promise<void>;

beforeAll(async () => {
  ground = await layGround(await binaries(end.signal, console.error), end.signal);
  controlPlane = await startControlPlane(ground);
  api = await connect(controlPlane.kubeconfig, ground.dispatcher);
  for (const name of ["config", "config-managed", "machine-api", "machine-config-operator"])
    await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: `openshift-${name}` } });
  await kubectlApply(ground, controlPlane.kubeconfig, ["-k", manifests]);
  const token = await accountToken();
  const kubeconfig = await writeKubeconfig(ground, join(ground.directory, "controller"), {
    url: controlPlane.url,
    token,
  });
  const kube = createKube(readKubeConfig(kubeconfig), controllerName, { signal: end.signal });
  keeping = keepMetricsClientCA({ kube, log: createLog("test", "silent"), signal: end.signal, resync: 100 });
});
afterAll(async () => {
  end.abort();
  await keeping;
  await Promise.all((controlPlane?.children ?? []).map(({ ended }) => ended));
  await ground?.clear();
});

async function accountToken(): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${controllerName}/token`;
  const answer = await api.send("POST", path, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: {},
  });
  return z.object({ status: z.object({ token: z.string() }) }).parse(answer).status.token;
}

const ConfigMap = z.object({ data: z.record(z.string(), z.string()).default({}) });
const read = async (path: string) => ConfigMap.parse(await api.get(path));

/** Waits until the copy is what the API server publishes, which writes a list of CAs in its own way, and holds this certificate. */
async function copied(certificate: string): Promise<void> {
  await until({ signal: end.signal, what: "the copy of the client CA", every: 50 }, async () => {
    const published = (await read(source)).data["client-ca-file"];
    const held = (await read(copy)).data[clientCAKey];
    return held !== undefined && held === published && held.includes(certificate.trim());
  });
}

async function writes(): Promise<number> {
  const lines = (await readFile(controlPlane.auditLog, "utf8")).split("\n");
  return lines.filter((line) => line.includes(metricsClientCA) && line.includes('"verb":"patch"')).length;
}

test("what the API server publishes is copied, and then not written again", async () => {
  await copied(ground.authority.certificate);
  await pause(500);
  expect(await writes()).toBe(1);
});

test("a signer that is added is followed", async () => {
  const { certificate } = await createAuthority("next signer");
  await api.merge(source, { data: { "client-ca-file": `${ground.authority.certificate}${certificate}` } });
  await copied(certificate);
});

test("a copy that somebody emptied is filled again; one that stands stays when the manifests are applied anew", async () => {
  await api.merge(copy, { data: null });
  await copied(ground.authority.certificate);
  const { data } = await read(copy);
  await kubectlApply(ground, controlPlane.kubeconfig, ["-k", manifests]);
  expect((await read(copy)).data).toEqual(data);
});
