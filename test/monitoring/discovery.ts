// The discovery of what a ServiceMonitor selects, with the account of a Prometheus. Debian's is built without Prometheus' own.
import { z } from "zod";
import { namespace } from "../../common/annotations.ts";
import type { Api } from "../lab/api.ts";
import type { ServiceMonitor } from "./scrape-config.ts";

/** By which kind it goes depends on OpenShift's release. */
export type Role = "endpoints" | "endpointslices";

export interface Found {
  /** Of the pod: `ip:port`. */
  address: string;
  /** Those that the Prometheus Operator has given to each series. */
  labels: { namespace: string; service: string; pod: string; container: string; endpoint: string; job: string };
}

const Port = z.object({ name: z.string(), port: z.number() });
const target = z.object({ name: z.string() });
const Endpoints = z.object({
  subsets: z.array(
    z.object({ addresses: z.array(z.object({ ip: z.string(), targetRef: target })), ports: z.array(Port) }),
  ),
});
const EndpointSlice = z.object({
  endpoints: z.array(z.object({ addresses: z.array(z.string()), targetRef: target })),
  ports: z.array(Port),
});
const Pod = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    containers: z.array(z.object({ name: z.string(), ports: z.array(z.object({ containerPort: z.number() })) })),
  }),
});

/** Lists Services, pods and endpoints, and nothing else. */
export async function discover({ spec }: ServiceMonitor, api: Api, role: Role): Promise<Found[]> {
  const root = `/api/v1/namespaces/${namespace}`;
  const labels = Object.entries(spec.selector.matchLabels);
  const services = (await api.list(`${root}/services`)).filter(({ metadata }) =>
    labels.every(([label, value]) => metadata.labels?.[label] === value),
  );
  const pods = (await api.list(`${root}/pods`)).map((pod) => Pod.parse(pod));
  const ports = spec.endpoints.map(({ port }) => port);
  const found = await Promise.all(services.map(({ metadata }) => endpointsOf(api, metadata.name, role)));
  return found.flat().flatMap(({ service, ip, port, pod }) => {
    if (!ports.includes(port.name)) return [];
    const containers = pods.find(({ metadata }) => metadata.name === pod)?.spec.containers ?? [];
    const container = containers.find((one) => one.ports.some(({ containerPort }) => containerPort === port.port));
    const named = { namespace, service, pod, container: container?.name ?? "", endpoint: port.name, job: service };
    return [{ address: `${ip}:${port.port}`, labels: named }];
  });
}

interface Endpoint {
  service: string;
  ip: string;
  port: z.infer<typeof Port>;
  pod: string;
}

async function endpointsOf(api: Api, service: string, role: Role): Promise<Endpoint[]> {
  const root = role === "endpoints" ? "/api/v1" : "/apis/discovery.k8s.io/v1";
  const all = await api.list(`${root}/namespaces/${namespace}/${role}`);
  const own = all.filter(({ metadata }) =>
    role === "endpoints" ? metadata.name === service : metadata.labels?.["kubernetes.io/service-name"] === service,
  );
  return own.flatMap((object) => {
    const pairs = role === "endpoints" ? ofEndpoints(object) : ofSlice(object);
    return pairs.map((pair) => ({ service, ...pair }));
  });
}

function ofEndpoints(object: unknown): Omit<Endpoint, "service">[] {
  return Endpoints.parse(object).subsets.flatMap(({ addresses, ports }) =>
    addresses.flatMap(({ ip, targetRef }) => ports.map((port) => ({ ip, port, pod: targetRef.name }))),
  );
}

function ofSlice(object: unknown): Omit<Endpoint, "service">[] {
  const { endpoints, ports } = EndpointSlice.parse(object);
  return endpoints.flatMap(({ addresses, targetRef }) =>
    addresses.flatMap((ip) => ports.map((port) => ({ ip, port, pod: targetRef.name }))),
  );
}
