// The endpoints of a Service: what the controllers of Kubernetes would write of its pods, in both forms.
import { namespace } from "../../common/annotations.ts";
import type { KubeObject } from "../lab/api.ts";

export interface Endpoint {
  pod: string;
  /** The pod's; the API server takes none of the loopback. */
  ip: string;
}

export function endpointsOf(service: string, port: number, endpoints: readonly Endpoint[]): KubeObject[] {
  const ports = [{ name: "metrics", port, protocol: "TCP" }];
  const metadata = { name: service, namespace, labels: { "app.kubernetes.io/name": service } };
  const target = (pod: string) => ({ kind: "Pod", name: pod, namespace });
  const addresses = endpoints.map(({ ip, pod }) => ({ ip, targetRef: target(pod) }));
  return [
    { apiVersion: "v1", kind: "Endpoints", metadata, subsets: [{ addresses, ports }] },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { ...metadata, labels: { ...metadata.labels, "kubernetes.io/service-name": service } },
      addressType: "IPv4",
      ports,
      endpoints: endpoints.map(({ ip, pod }) => ({
        addresses: [ip],
        targetRef: target(pod),
        conditions: { ready: true },
      })),
    },
  ];
}
