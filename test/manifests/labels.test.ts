// The labels: every object that is applied says what it is part of, and no selector goes by it.
import { expect, test } from "vitest";
import { builtManifests, type Manifest } from "./built.ts";
import { composedManifests } from "./composed.ts";

const partOf = "app.kubernetes.io/part-of";

function without(manifests: readonly Manifest[]): string[] {
  return manifests
    .filter(({ metadata }) => Object(metadata.labels)[partOf] !== "bootwarden")
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

test.each(["observe", "manage", "uninstall"])("every object of the overlay %s is part of bootwarden", async (name) => {
  expect(without(await builtManifests(`overlays/${name}`))).toEqual([]);
});

test.each(["credentials", "monitoring-user-workload"])("so is every one of the component %s", async (name) => {
  expect(without(await composedManifests(name))).toEqual([]);
});

test("no selector asks for it: those of workloads cannot be changed any more", async () => {
  const specs = (await builtManifests("overlays/uninstall")).flatMap(({ kind, spec }) =>
    ["DaemonSet", "Deployment", "Service", "ServiceMonitor", "NetworkPolicy"].includes(kind) ? [Object(spec)] : [],
  );
  expect(specs.length).toBeGreaterThan(6);
  const selectors = specs.map(({ selector, podSelector }) => JSON.stringify(selector ?? podSelector));
  expect(selectors.filter((selector) => selector.includes(partOf))).toEqual([]);
});
