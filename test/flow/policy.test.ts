// The policy as the API server takes it: what it refuses, and what it fills in.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Lab, startLab } from "../lab/lab.ts";

const end = new AbortController();
let lab: Lab;

beforeAll(async () => {
  const options = { controller: false, nodes: false, machineSets: false, imageMiB: 1, say: console.error };
  lab = await startLab(options, end.signal);
});
afterAll(() => lab?.close());

const policy = (spec: unknown, name = "cluster") => ({
  apiVersion: "bootwarden.io/v1alpha1",
  kind: "BootImagePolicy",
  metadata: { name },
  spec,
});
test.each([
  ["another name", policy({}, "other"), /its name is cluster/],
  ["an unknown mode", policy({ mode: "Auto" }), /Observe/],
  ["Partial without a selector", policy({ selection: { mode: "Partial" } }), /mode Partial needs/],
  [
    "a selector without Partial",
    policy({ selection: { mode: "All", partial: { machineResourceSelector: {} } } }),
    /mode Partial needs/,
  ],
  ["a mirror with a password", policy({ imageSource: { mirror: "https://me:secret@mirror/" } }), /mirror/],
  ["no release retained", policy({ template: { retain: 0 } }), /retain/],
  [
    "an account elsewhere",
    policy({ vcenters: [{ server: "a", credentialsSecret: { name: "b", namespace: "kube-system" } }] }),
    /bootwarden/,
  ],
  ["a thumbprint that is none", policy({ vcenters: [{ server: "a", thumbprint: "AA:BB" }] }), /thumbprint/],
  [
    "a CA bundle elsewhere",
    policy({ imageSource: { caBundle: { name: "a", key: "b", namespace: "c" } } }),
    /bootwarden/,
  ],
])("refuses a policy with %s", async (_, object, why) => {
  await expect(lab.api.apply(object)).rejects.toThrow(why);
});

test("fills in that a policy observes all", async () => {
  await lab.api.remove("/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster");
  expect((await lab.api.apply(policy({}))).spec).toEqual({ mode: "Observe", selection: { mode: "All" } });
});
