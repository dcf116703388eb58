// What OpenShift's monitoring and console go by: labels, the scrape class, and what is injected.
import { describe, expect, test } from "vitest";
import { agentName, controllerName, namespace } from "../../common/annotations.ts";
import { platformScrapeClass, ServiceMonitor } from "../monitoring/scrape-config.ts";
import { builtManifests, type Manifest } from "./built.ts";
import { composedManifests } from "./composed.ts";

const platform = await builtManifests("overlays/observe");
const userWorkload = await composedManifests("monitoring-user-workload");

function monitorsOf(manifests: readonly Manifest[]) {
  return manifests
    .filter(({ kind }) => kind === "ServiceMonitor")
    .map((object) => ServiceMonitor.parse(object))
    .map(({ metadata, spec: { scrapeClass, selector, endpoints } }) => ({
      of: metadata.name,
      scrapeClass,
      selector,
      tls: endpoints[0].tlsConfig,
    }));
}

const byName = (name: string) => ({ matchLabels: { "app.kubernetes.io/name": name } });
const serverName = (name: string) => `${name}.${namespace}.svc`;

describe("the platform's Prometheus", () => {
  test("takes the monitors of the namespace by its label", () => {
    const found = platform.find(({ kind }) => kind === "Namespace");
    expect(found?.metadata).toMatchObject({ labels: { "openshift.io/cluster-monitoring": "true" } });
  });

  test("has its certificate and the programs' CA from the scrape class, and no other", () => {
    expect(monitorsOf(platform)).toEqual(
      [agentName, controllerName].map((name) => ({
        of: name,
        scrapeClass: platformScrapeClass,
        selector: byName(name),
        tls: { serverName: serverName(name) },
      })),
    );
  });
});

describe("the Prometheus of user workloads", () => {
  test("takes a namespace that is not the platform's", () => {
    const found = userWorkload.find(({ kind }) => kind === "Namespace");
    expect(Object.keys(Object(found?.metadata.labels))).not.toContain("openshift.io/cluster-monitoring");
  });

  test("has certificate and CA from objects of the namespace, and no scrape class, which it does not have", () => {
    const secret = (key: string) => ({ name: "bootwarden-metrics-client", key });
    expect(monitorsOf(userWorkload)).toEqual(
      [agentName, controllerName].map((name) => ({
        of: name,
        selector: byName(name),
        tls: {
          serverName: serverName(name),
          ca: { configMap: { name: "bootwarden-service-ca", key: "service-ca.crt" } },
          cert: { secret: secret("tls.crt") },
          keySecret: secret("tls.key"),
        },
      })),
    );
  });

  test("gets the programs' CA by service-ca", () => {
    expect(userWorkload.find(({ metadata }) => metadata.name === "bootwarden-service-ca")).toMatchObject({
      kind: "ConfigMap",
      metadata: { namespace, annotations: { "service.beta.openshift.io/inject-cabundle": "true" } },
    });
  });
});

test("the console finds the dashboard by its label, in the namespace where it looks", () => {
  expect(platform.find(({ metadata }) => metadata.name === "grafana-dashboard-bootwarden")).toMatchObject({
    kind: "ConfigMap",
    metadata: { namespace: "openshift-config-managed", labels: { "console.openshift.io/dashboard": "true" } },
  });
});
