// The manifests: they build, and what they name is what the code names.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import {
  agentName,
  clientCAKey,
  controllerName,
  metricsClientCA,
  namespace,
  readerName,
} from "../../common/annotations.ts";
import { tablesOf } from "../markdown-tables.ts";
import { base, builtManifests } from "./built.ts";

const Probe = z.strictObject({
  httpGet: z.strictObject({ path: z.string(), port: z.string(), scheme: z.string() }),
  periodSeconds: z.number(),
  timeoutSeconds: z.number().optional(),
  failureThreshold: z.number().optional(),
});
const Container = z.object({
  name: z.string(),
  env: z.array(z.object({ name: z.string(), value: z.string().optional() })),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().default(false) })),
  startupProbe: Probe,
  livenessProbe: Probe,
  readinessProbe: Probe,
  securityContext: z.object({ readOnlyRootFilesystem: z.literal(true), privileged: z.boolean().default(false) }),
});
const Workload = z.object({
  spec: z.object({
    selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.object({
        serviceAccountName: z.string(),
        containers: z.array(Container),
        volumes: z.array(z.looseObject({ name: z.string() })),
      }),
    }),
  }),
});
const Service = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string()) }),
  spec: z.object({
    selector: z.record(z.string(), z.string()),
    ports: z.array(z.object({ name: z.string(), port: z.number(), targetPort: z.string() })),
  }),
});
const manifests = await builtManifests();

function named(kind: string): string[] {
  return manifests.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
}

describe("kubectl kustomize manifests/base", () => {
  test("gives every object once", () => {
    const identities = manifests.map(({ kind, metadata }) => `${kind}/${metadata.namespace ?? ""}/${metadata.name}`);
    expect(new Set(identities).size).toBe(identities.length);
  });

  test("gives what each file of the directory holds", () => {
    const { resources } = z
      .object({ resources: z.array(z.string()) })
      .parse(parse(readFileSync(`${base}/kustomization.yaml`, "utf8")));
    const counted = resources.map((file) => parseAllDocuments(readFileSync(`${base}/${file}`, "utf8")).length);
    expect(manifests.length).toBe(counted.reduce((sum, count) => sum + count, 0));
  });

  test.each<[string, string[]]>([
    ["Namespace", [namespace]],
    ["ServiceAccount", [agentName, controllerName]],
    ["DaemonSet", [agentName]],
    ["Service", [agentName, controllerName]],
    ["ConfigMap", [metricsClientCA]],
    ["Deployment", [controllerName]],
    ["ClusterRole", [agentName, controllerName, readerName]],
    ["ClusterRoleBinding", [agentName, controllerName]],
    ["CustomResourceDefinition", ["bootimagepolicies.bootwarden.io"]],
  ])("names its %s as the code does", (kind, names) => {
    expect(named(kind).sort()).toEqual(names);
  });

  test("puts everything of a namespace into those that are known", () => {
    const namespaces = manifests.map(({ metadata }) => metadata.namespace).filter((name) => name !== undefined);
    expect([...new Set(namespaces)].sort()).toEqual([
      namespace,
      "default",
      "kube-system",
      "openshift-config",
      "openshift-config-managed",
      "openshift-machine-api",
      "openshift-machine-config-operator",
    ]);
  });
});

describe.each([
  ["DaemonSet", agentName, "agent"],
  ["Deployment", controllerName, "controller"],
])("the %s %s", (kind, name, program) => {
  const found = manifests.find((object) => object.kind === kind && object.metadata.name === name);
  const { selector, template } = Workload.parse(found).spec;
  const [container, ...others] = template.spec.containers;
  const environment = tablesOf("docs/names.md").get(`Environment of the ${program}`) ?? [];
  const defaultOf = (name: string) => environment.find(([variable]) => variable === name)?.[1] ?? "";

  test("runs one container as its own ServiceAccount, and selects it", () => {
    expect(others).toEqual([]);
    expect(template.spec.serviceAccountName).toBe(name);
    expect(template.metadata.labels).toMatchObject(selector.matchLabels);
  });

  test("asks for its probes on the port of the metrics, where the program listens by default", () => {
    const port = Number(defaultOf("LISTEN").split(":").at(-1));
    expect(container?.ports).toEqual([{ name: "metrics", containerPort: port }]);
    expect(container?.env.find((variable) => variable.name === "LISTEN")?.value).toBe(`0.0.0.0:${port}`);
    const alive = { path: "/healthz", port: "metrics", scheme: "HTTPS" };
    expect([container?.startupProbe.httpGet, container?.livenessProbe.httpGet]).toEqual([alive, alive]);
    expect(container?.readinessProbe.httpGet).toEqual({ path: "/readyz", port: "metrics", scheme: "HTTPS" });
  });

  test("has a minute and a half to start, and five seconds to answer from then on", () => {
    const times = [container?.startupProbe, container?.livenessProbe, container?.readinessProbe].map((probe) => {
      const { httpGet: _, ...rest } = Probe.parse(probe);
      return rest;
    });
    expect(times).toEqual([
      { periodSeconds: 3, failureThreshold: 30 },
      { periodSeconds: program === "agent" ? 60 : 30, timeoutSeconds: 5 },
      { periodSeconds: 10, timeoutSeconds: 5 },
    ]);
  });

  test("has the certificate that service-ca makes for its Service, and the client CA, where the program reads them", () => {
    const service = Service.parse(manifests.find(({ kind, metadata }) => kind === "Service" && metadata.name === name));
    const secretName = service.metadata.annotations["service.beta.openshift.io/serving-cert-secret-name"];
    expect(service.spec.selector).toEqual(selector.matchLabels);
    expect(service.spec.ports).toEqual([
      { name: "metrics", port: container?.ports[0]?.containerPort, targetPort: "metrics" },
    ]);
    expect(template.spec.volumes).toEqual(
      expect.arrayContaining([
        { name: "tls", secret: { secretName } },
        { name: "client-ca", configMap: { name: metricsClientCA, optional: true } },
      ]),
    );
    const clientCAFile = join(dirname(defaultOf("CLIENT_CA_FILE")), clientCAKey);
    expect(clientCAFile).toBe(defaultOf("CLIENT_CA_FILE"));
    expect(container?.volumeMounts).toEqual(
      expect.arrayContaining([
        { name: "tls", mountPath: defaultOf("TLS_DIRECTORY"), readOnly: true },
        { name: "client-ca", mountPath: dirname(clientCAFile), readOnly: true },
      ]),
    );
  });

  test("sets only variables that the program or its C library reads", () => {
    const known = [...environment.map(([variable]) => variable), "MALLOC_ARENA_MAX"];
    expect(container?.env.map((variable) => variable.name).filter((variable) => !known.includes(variable))).toEqual([]);
  });

  test("is not privileged", () => {
    expect(container?.securityContext.privileged).toBe(false);
  });
});
