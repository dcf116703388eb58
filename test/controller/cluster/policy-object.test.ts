// Reading the BootImagePolicy: defaults that harm nothing, and mistakes that are errors.
import { expect, test } from "vitest";
import { readPolicy } from "../../../controller/cluster/policy-object.ts";
import { altered } from "./objects.ts";

const metadata = {
  ...{ name: "cluster", uid: "u", resourceVersion: "1", creationTimestamp: "2026-11-20T10:00:00Z", generation: 3 },
};
const condition = {
  ...{ type: "NodesVerified", status: "True", reason: "AllVerified", message: "3 of 3 nodes Verified" },
  ...{ lastTransitionTime: "2026-11-20T10:00:00Z", observedGeneration: 3 },
};
const full = {
  metadata,
  spec: {
    mode: "Manage",
    selection: {
      mode: "Partial",
      partial: {
        machineResourceSelector: {
          matchLabels: { a: "b" },
          matchExpressions: [{ key: "c", operator: "In", values: ["d"] }],
        },
      },
    },
    imageSource: { mirror: "https://mirror.example.com/rhcos", caBundle: { name: "ca", key: "ca.crt" } },
    vcenters: [{ server: "vc", caBundle: { name: "ca", namespace: "bootwarden", key: "k" }, thumbprint: "AA:BB" }],
    template: { diskProvisioning: "Thin", snapshot: "Never", retain: 3 },
    rollout: { pauseOnFailure: false, allowDowngrade: true, newNodeDeadline: "1h30m" },
  },
  status: { observedGeneration: 2, conditions: [condition], nodes: { total: 3 } },
};

test("an empty spec observes everything and manages nothing", () => {
  expect(readPolicy({ metadata, spec: {} })).toEqual({
    name: "cluster",
    uid: "u",
    generation: 3,
    mode: "Observe",
    selection: { mode: "All" },
    imageSource: {},
    vcenters: [],
    template: { diskProvisioning: "Auto", snapshot: "Auto", retain: 2 },
    rollout: { pauseOnFailure: true, allowDowngrade: false, newNodeDeadline: 2_700_000 },
    resumedAt: null,
    status: { conditions: [] },
  });
});

test("a full one is kept whole", () => {
  const { spec } = full;
  expect(readPolicy(full)).toEqual({
    ...{ name: "cluster", uid: "u", generation: 3 },
    ...spec,
    imageSource: { ...spec.imageSource, caBundle: { name: "ca", namespace: "bootwarden", key: "ca.crt" } },
    vcenters: [{ ...spec.vcenters[0], insecureSkipVerify: false }],
    rollout: { pauseOnFailure: false, allowDowngrade: true, newNodeDeadline: 5_400_000 },
    resumedAt: null,
    status: full.status,
  });
});

test("a Secret with an account stands in bootwarden's namespace unless it says another", () => {
  const secretOf = (credentialsSecret: unknown) =>
    readPolicy(altered(full, "spec.vcenters.0.credentialsSecret", credentialsSecret)).vcenters[0]?.credentialsSecret;
  expect(secretOf(undefined)).toBeUndefined();
  expect(secretOf({ name: "a" })).toEqual({ name: "a", namespace: "bootwarden" });
  expect(secretOf({ name: "a", namespace: "b" })).toEqual({ name: "a", namespace: "b" });
});

test("certificates are verified unless it says true", () => {
  const verified = (value: unknown) =>
    readPolicy(altered(full, "spec.vcenters.0.insecureSkipVerify", value)).vcenters[0]?.insecureSkipVerify;
  expect([verified(undefined), verified(false), verified(true)]).toEqual([false, false, true]);
});

test.each([
  ["spec", undefined],
  ["spec.mode", "manage"],
  ["spec.mode", null],
  ["spec.selection", {}],
  ["spec.selection.mode", "Some"],
  ["spec.selection.partial.machineResourceSelector.matchLabels", { a: 1 }],
  ["spec.selection.partial.machineResourceSelector.matchExpressions.0.operator", "Like"],
  ["spec.imageSource.mirror", 7],
  ["spec.imageSource.url", "https://m/x.ova"],
  ["spec.imageSource", { url: "https://m/x.ova", sha256: "ab" }],
  ["spec.imageSource", { url: "https://m/x.ova", release: "9.8.1-0" }],
  ["spec.imageSource", { sha256: "ab", release: "9.8.1-0" }],
  ["spec.imageSource", { release: "9.8.1-0" }],
  ["spec.imageSource", { template: "a/b", mirror: "https://m" }],
  ["spec.imageSource", { template: "a/b", caBundle: { name: "ca", key: "ca.crt" } }],
  ["spec.imageSource", { template: "a/b", sha256: "ab" }],
  ["spec.imageSource.caBundle", "ca"],
  ["spec.imageSource.caBundle.key", undefined],
  ["spec.vcenters", {}],
  ["spec.vcenters.0.server", undefined],
  ["spec.vcenters.0.insecureSkipVerify", "true"],
  ["spec.vcenters.0.credentialsSecret", {}],
  ["spec.template.diskProvisioning", "thin"],
  ["spec.template.retain", 0],
  ["spec.template.retain", 1.5],
  ["spec.template.retain", "2"],
  ["spec.template.retain", null],
  ["spec.rollout.allowDowngrade", "true"],
  ["status.conditions", "all fine"],
  ["status.conditions.0.lastTransitionTime", undefined],
  ["metadata.generation", "3"],
])("with the %s %j it is an error", (path, value) => {
  expect(() => readPolicy(altered(full, path, value))).toThrow();
});

test.each([
  [{}],
  [{ mirror: "https://m" }],
  [{ url: "https://m/x.ova", sha256: "ab", release: "9.8.1-0" }],
  [{ template: "a/b" }],
  [{ template: "/dc/vm/a/b", release: "9.8.1-0" }],
])("the image source %j is taken as it is", (imageSource) => {
  expect(readPolicy(altered(full, "spec.imageSource", imageSource)).imageSource).toEqual(imageSource);
});

test("a time at which the rollout was resumed, and nothing else", () => {
  const resumed = (value: unknown) =>
    readPolicy(altered(full, "metadata.annotations", { "bootwarden.io/resumed-at": value })).resumedAt;
  expect(resumed("2026-11-20T10:00:00Z")).toBe("2026-11-20T10:00:00Z");
  expect(resumed("yes")).toBeNull();
});
