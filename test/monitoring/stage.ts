// The stage of the tests of monitoring: a lab with the observe overlay, both programs with TLS, and what the kubelet and service-ca would bring them.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { agentName, clientCAKey, controllerName, metricsClientCA, namespace } from "../../common/annotations.ts";
import type { Stage } from "../demo/stage.ts";
import { openStage } from "../flow/open-stage.ts";
import type { Api } from "../lab/api.ts";
import { type Authority, createAuthority, type KeyPair } from "../lab/certificates.ts";
import { type ControllerProgram, startController } from "../lab/controller-program.ts";
import { kubectlApply } from "../lab/crds.ts";
import { installDefinitions } from "../lab/definitions.ts";
import type { Ground } from "../lab/ground.ts";
import { type MachineRoom, openMachineRoom } from "../lab/machine-room.ts";
import { bootNode } from "../lab/simulated-node.ts";
import { until } from "../lab/until.ts";
import { manifestsDirectory } from "../manifests/built.ts";

export interface MonitoringStage extends Stage {
  controller: ControllerProgram;
  room: MachineRoom;
  /** Signs the certificates of Services. */
  serviceCA: Authority;
  serviceCAFile: string;
  /** The API server with the token of the platform's Prometheus, and only the rights that its component gives it. */
  asPrometheus: Api;
  close: () => Promise<void>;
}

export async function openMonitoringStage(): Promise<MonitoringStage> {
  const stage = await openStage({ controller: false, nodes: false, vcenterFlags: [`--free-space=${2 ** 40}`] });
  const { ground, api, controlPlane, vcenter } = stage.lab;
  await installDefinitions(ground, api, controlPlane.kubeconfig);
  await kubectlApply(ground, controlPlane.kubeconfig, ["-k", join(manifestsDirectory, "overlays/observe")]);
  const serviceCA = await createAuthority("service CA");
  const host = { ground, api, url: controlPlane.url, vcenter };
  const environment = async (program: string) => ({
    PLAIN_HTTP: "false",
    TLS_DIRECTORY: await writeServing(ground, program, await serviceCA.issue(program, [`${program}.${namespace}.svc`])),
    CLIENT_CA_FILE: join(ground.directory, "metrics-client-ca", clientCAKey),
  });
  const controller = await startController({ ...host, environment: await environment(controllerName) });
  await mountClientCA(stage);
  const agentEnvironment = await environment(agentName);
  const room = openMachineRoom(host, (birth) => bootNode({ ...host, agentEnvironment }, birth));
  return {
    ...stage,
    controller,
    room,
    serviceCA,
    serviceCAFile: await write(ground, "service-ca.crt", serviceCA.certificate),
    asPrometheus: await platformAccount(stage),
    close: async () => {
      await controller.stop();
      await stage.lab.close();
      await room.closed;
    },
  };
}

/** Writes a file of the stage; resolves with its path. */
export async function write(ground: Ground, name: string, text: string): Promise<string> {
  const path = join(ground.directory, name);
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

/** As a Secret of service-ca is mounted; resolves with the directory. */
export async function writeServing(ground: Ground, name: string, { certificate, key }: KeyPair): Promise<string> {
  const directory = join(ground.directory, `${name}-tls`);
  await mkdir(directory);
  await writeFile(join(directory, "tls.crt"), certificate);
  await writeFile(join(directory, "tls.key"), key, { mode: 0o600 });
  return directory;
}

/** The kubelet's part: the ConfigMap that the controller fills in becomes a file of both programs. */
async function mountClientCA({ lab: { ground, api } }: Stage): Promise<void> {
  const ConfigMap = z.object({ data: z.object({ [clientCAKey]: z.string() }) });
  const path = `/api/v1/namespaces/${namespace}/configmaps/${metricsClientCA}`;
  const { data } = await until({ signal: ground.signal, what: "the clients' CA" }, async () =>
    ConfigMap.parse(await api.get(path)),
  );
  await mkdir(join(ground.directory, "metrics-client-ca"));
  await write(ground, join("metrics-client-ca", clientCAKey), data[clientCAKey] ?? "");
}

const prometheusAccount = { namespace: "openshift-monitoring", name: "prometheus-k8s" };

async function platformAccount({ lab: { api } }: Stage): Promise<Api> {
  await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: prometheusAccount.namespace } });
  await api.apply({ apiVersion: "v1", kind: "ServiceAccount", metadata: prometheusAccount });
  const path = `/api/v1/namespaces/${prometheusAccount.namespace}/serviceaccounts/${prometheusAccount.name}/token`;
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
  const answer = await api.send("POST", path, request);
  return api.withToken(z.object({ status: z.object({ token: z.string() }) }).parse(answer).status.token);
}
