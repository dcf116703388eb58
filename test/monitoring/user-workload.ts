// The monitoring of user workloads, as its component sets it up: an agent that asks for its client, and that client.
import { z } from "zod";
import { agentName, clientCAKey, namespace } from "../../common/annotations.ts";
import { sources, startAgent } from "../lab/agent-program.ts";
import { type Authority, createAuthority } from "../lab/certificates.ts";
import { createNodeRoot } from "../lab/node-root.ts";
import { deploymentOf } from "../lab/ostree-status.ts";
import { osDigest, osImage, releaseA } from "../lab/releases.ts";
import { composedManifests } from "../manifests/composed.ts";
import { ServiceMonitor } from "./scrape-config.ts";
import { type MonitoringStage, write, writeServing } from "./stage.ts";

const Agent = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({
        containers: z.tuple([z.object({ env: z.array(z.object({ name: z.string(), value: z.string().optional() })) })]),
        volumes: z.array(z.object({ name: z.string(), configMap: z.object({ name: z.string() }).optional() })),
      }),
    }),
  }),
});
const node = "user-workload";

export interface UserWorkload {
  monitor: ServiceMonitor;
  tls: { ca_file: string; cert_file: string; key_file: string };
  /** The node of its agent, and where that listens. */
  listening: Map<string, string>;
}

/** What docs/monitoring.md has an admin make: a CA, a client certificate of it, and the two objects that hold them. */
export async function userWorkload(stage: MonitoringStage): Promise<UserWorkload> {
  const manifests = await composedManifests("monitoring-user-workload");
  const named = (kind: string) => manifests.find((one) => one.kind === kind && one.metadata.name === agentName);
  const [{ env }] = Agent.parse(named("DaemonSet")).spec.template.spec.containers;
  const { volumes } = Agent.parse(named("DaemonSet")).spec.template.spec;
  const clients = env.find(({ name }) => name === "METRICS_CLIENTS")?.value ?? "";
  const trusted = volumes.find(({ name }) => name === "client-ca")?.configMap?.name ?? "";
  const monitor = ServiceMonitor.parse(named("ServiceMonitor"));
  const authority = await createAuthority("CA of the company");
  await bring(stage, { monitor, authority, trusted, client: clients });
  const agent = await ownAgent(stage, { METRICS_CLIENTS: clients, CLIENT_CA_FILE: await mounted(stage, trusted) });
  return { monitor, tls: await files(stage, monitor), listening: new Map([[node, agent]]) };
}

/** The objects, by the names that the manifests give them. */
async function bring(
  { lab: { api }, serviceCA }: MonitoringStage,
  given: { monitor: ServiceMonitor; authority: Authority; trusted: string; client: string },
): Promise<void> {
  const { ca, cert } = given.monitor.spec.endpoints[0].tlsConfig;
  const { certificate, key } = await given.authority.issue(given.client);
  const map = (name: string, data: Record<string, string>) =>
    api.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data });
  await map(given.trusted, { [clientCAKey]: given.authority.certificate });
  // Service-ca's part.
  await map(ca?.configMap.name ?? "", { [ca?.configMap.key ?? ""]: serviceCA.certificate });
  await api.apply({
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/tls",
    metadata: { name: cert?.secret.name ?? "", namespace },
    stringData: { "tls.crt": certificate, "tls.key": key },
  });
}

const Data = z.object({ data: z.record(z.string(), z.string()) });

/** As the Prometheus Operator brings them to Prometheus. */
async function files(
  { lab: { api, ground } }: MonitoringStage,
  { spec }: ServiceMonitor,
): Promise<UserWorkload["tls"]> {
  const { ca, cert, keySecret } = spec.endpoints[0].tlsConfig;
  const read = async (kind: string, from: { name: string; key: string } | undefined) => {
    const { data } = Data.parse(await api.get(`/api/v1/namespaces/${namespace}/${kind}/${from?.name}`));
    const value = data[from?.key ?? ""] ?? "";
    return kind === "secrets" ? Buffer.from(value, "base64").toString("utf8") : value;
  };
  return {
    ca_file: await write(ground, "user-workload-ca.crt", await read("configmaps", ca?.configMap)),
    cert_file: await write(ground, "user-workload.crt", await read("secrets", cert?.secret)),
    key_file: await write(ground, "user-workload.key", await read("secrets", keySecret)),
  };
}

/** The kubelet's part. */
async function mounted({ lab: { api, ground } }: MonitoringStage, name: string): Promise<string> {
  const { data } = Data.parse(await api.get(`/api/v1/namespaces/${namespace}/configmaps/${name}`));
  return await write(ground, "user-metrics-client-ca.crt", data[clientCAKey] ?? "");
}

async function ownAgent(stage: MonitoringStage, clients: Record<string, string>): Promise<string> {
  const { ground, api, controlPlane } = stage.lab;
  await api.apply({ apiVersion: "v1", kind: "Node", metadata: { name: node } });
  const root = await createNodeRoot(ground, node, releaseA);
  await root.newBoot();
  await root.deploy([{ ...deploymentOf(osImage(osDigest(releaseA)), releaseA), booted: true }]);
  const serving = await stage.serviceCA.issue(agentName, [`${agentName}.${namespace}.svc`]);
  const tls = { PLAIN_HTTP: "false", TLS_DIRECTORY: await writeServing(ground, node, serving) };
  const environment = { ...sources.environment, ...tls, ...clients };
  const host = { ground, api, url: controlPlane.url };
  const { listen } = await startAgent(host, { node, hostRoot: root.path }, { ...sources, environment });
  return listen;
}
