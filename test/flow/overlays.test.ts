// The overlays and components: a real API server takes each as it is, and would refuse a field that it does not know.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Api, connect } from "../lab/api.ts";
import { binaries } from "../lab/binaries.ts";
import { type ControlPlane, startControlPlane } from "../lab/control-plane.ts";
import { established, installCrds } from "../lab/crds.ts";
import { installDefinitions } from "../lab/definitions.ts";
import { type Ground, layGround } from "../lab/ground.ts";
import { inheritedEnvironment } from "../lab/settings.ts";
import { builtManifests, manifestsDirectory as manifests } from "../manifests/built.ts";
import { compose } from "../manifests/composed.ts";
import { blocksOf, markdownPages } from "../markdown-pages.ts";
import { textOf } from "../source-text.ts";

/** Kind, page and text of each object that a page shows, but for kinds that this API server does not have. */
const examples = markdownPages.flatMap((page) =>
  blocksOf(textOf(page), "yaml").flatMap((text) => {
    const [kind] = /^kind: \w+$/m.exec(text) ?? [];
    return kind === undefined || /^apiVersion: (?:argoproj|kustomize)\./m.test(text)
      ? []
      : [[kind, page, text] as const];
  }),
);

const end = new AbortController();
let ground: Ground;
let controlPlane: ControlPlane;
let api: Api;
let installed: string[];

beforeAll(async () => {
  ground = await layGround(await binaries(end.signal, console.error), end.signal);
  controlPlane = await startControlPlane(ground);
  api = await connect(controlPlane.kubeconfig, ground.dispatcher);
  await installCrds(ground, api, controlPlane.kubeconfig);
  await installDefinitions(ground, api, controlPlane.kubeconfig);
  for (const name of ["config", "config-managed", "machine-api", "machine-config-operator"])
    await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: `openshift-${name}` } });
  // A dry run makes no namespace and no kind that the rest of it could be tried with.
  installed = await apply("-k", join(manifests, "overlays/observe"));
  await established(ground, api);
});
afterAll(async () => {
  end.abort();
  await Promise.all((controlPlane?.children ?? []).map(({ ended }) => ended));
  await ground?.clear();
});

/** As a person types it; resolves with a line for each object. */
async function apply(...commandLine: string[]): Promise<string[]> {
  const fixed = ["--kubeconfig", controlPlane.kubeconfig, "apply", "--validate=strict"];
  const options = { env: inheritedEnvironment(), extendEnv: false, timeout: 60_000 };
  const { stdout } = await execa("kubectl", [...fixed, ...commandLine], options);
  return stdout.trim().split("\n");
}

function dryRun(...commandLine: string[]): Promise<string[]> {
  return apply("--dry-run=server", ...commandLine);
}

test("one command is the whole installation, on a cluster that has never seen it", () => {
  expect(installed.length).toBeGreaterThan(40);
  expect(installed.filter((line) => !line.endsWith(" created"))).toEqual([]);
});

test.each(["observe", "manage", "uninstall"])("the overlay %s", async (overlay) => {
  const lines = await dryRun("-k", join(manifests, "overlays", overlay));
  expect(lines.length).toBeGreaterThan(40);
  expect(lines.filter((line) => !/ (created|configured|unchanged) \(server dry run\)$/.test(line))).toEqual([]);
});

test.each([
  ["alerts", 1],
  ["console-dashboard", 1],
  ["credentials", 1],
  ["monitoring-platform", 5],
  ["monitoring-user-workload", 4],
  ["privileged-agent", 0],
  ["uninstall", 10],
])("the component %s, which adds %i objects to the base", async (component, count) => {
  const directory = join(ground.directory, "kustomize", component);
  await compose(component, directory);
  const lines = await dryRun("-k", directory);
  expect(lines.length - (await builtManifests()).length).toBe(count);
});

test("the example of a policy that only watches", async () => {
  expect(await dryRun("-f", join(manifests, "overlays/observe/policy.yaml"))).toEqual([
    "bootimagepolicy.bootwarden.io/cluster created (server dry run)",
  ]);
});

test("the pages have examples", () => {
  expect(examples.length).toBeGreaterThanOrEqual(2);
});

test.each(examples)("the example of a %s in %s", async (_, page, text) => {
  const file = join(ground.directory, `${page.replaceAll("/", "-")}.yaml`);
  await writeFile(file, text);
  expect((await dryRun("-f", file)).length).toBeGreaterThan(0);
});

describe("a field that nobody knows is refused in", () => {
  test.each([
    ["ServiceMonitor", "monitoring.coreos.com/v1", { selector: {}, endpoints: [{ port: "metrics", prot: "x" }] }],
    [
      "PrometheusRule",
      "monitoring.coreos.com/v1",
      { groups: [{ name: "a", rules: [{ alert: "A", expr: "1", fur: "1m" }] }] },
    ],
    [
      "CredentialsRequest",
      "cloudcredential.openshift.io/v1",
      {
        secretRef: { name: "a", namespace: "b", nome: "c" },
        providerSpec: { apiVersion: "cloudcredential.openshift.io/v1", kind: "VSphereProviderSpec", permissions: [] },
      },
    ],
    ["NetworkPolicy", "networking.k8s.io/v1", { podSelector: {}, polcyTypes: [] }],
  ])("a %s", async (kind, apiVersion, spec) => {
    const file = join(ground.directory, `${kind}.json`);
    await writeFile(
      file,
      JSON.stringify({ apiVersion, kind, metadata: { name: "odd", namespace: "bootwarden" }, spec }),
    );
    await expect(dryRun("-f", file)).rejects.toThrow(/unknown field/);
  });
});
