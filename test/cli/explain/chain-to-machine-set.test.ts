// The chain, broken or waiting between the release and the MachineSet.
import { expect, test } from "vitest";
import type { NodeChainFacts } from "../../../cli/explain/facts.ts";
import { nodeChain } from "../../../cli/explain/node-chain.ts";
import { isBroken } from "../../../cli/explain/view.ts";
import { reasons } from "../../../common/reasons.ts";
import { conditionsWith, machineSetStatus, policy } from "../facts.ts";
import { nodeChainFacts, templates } from "./chains.ts";

const chain = (change: Partial<NodeChainFacts> = {}) => nodeChain(nodeChainFacts(change));
const said = (machineSets: object[], more: object = {}) => policy({ status: { machineSets, templates, ...more } });

test.each<[string, Partial<NodeChainFacts>, string, string, string]>([
  ["the ConfigMap is gone", { bootImages: undefined }, "Broken", "ConfigMap openshift", reasons.BootImagesMissing],
  [
    "the ConfigMap has no vSphere image",
    { bootImages: { releaseVersion: "4.20.15", stream: '{"architectures":{}}' } },
    "Broken",
    "ConfigMap openshift",
    reasons.NoVmwareImage,
  ],
  ["there is no policy", { policy: undefined }, "Broken", "BootImagePolicy", reasons.PolicyAbsent],
  ["the policy has no status", { policy: policy({ status: null }) }, "Broken", "BootImagePolicy", reasons.StatusAbsent],
  [
    "the policy has no target",
    {
      policy: policy({
        status: {
          target: undefined,
          conditions: conditionsWith("BootImageUpdateDegraded", "True", {
            reason: "BootImagesInvalid",
            message: "x",
          }),
        },
      }),
    },
    "Broken",
    "BootImagePolicy",
    reasons.BootImagesInvalid,
  ],
  [
    "the cluster is upgraded",
    { clusterVersion: { history: [{ state: "Partial", version: "4.20.16" }], desiredVersion: null } },
    "Waits",
    "ClusterVersion",
    reasons.ClusterUpdating,
  ],
  [
    "the template is gone",
    {
      policy: said(
        [machineSetStatus("worker-a", { state: "Outdated", reason: "TemplateMissing", message: "It is gone." })],
        { templates: [] },
      ),
    },
    "Broken",
    "Template",
    reasons.TemplateMissing,
  ],
  [
    "the template was replaced",
    {
      policy: said([machineSetStatus("worker-a")], {
        templates: templates.map((one) => ({ ...one, state: "ContentReplaced" })),
      }),
    },
    "Broken",
    "Template",
    reasons.ContentReplaced,
  ],
  [
    "the MachineSet failed",
    { policy: said([machineSetStatus("worker-a", { state: "Failed", reason: "DatastoreFull" })]) },
    "Broken",
    "MachineSet",
    reasons.DatastoreFull,
  ],
  [
    "the rollout is halted",
    { policy: said([machineSetStatus("worker-a", { state: "Halted", reason: "Halted" })]) },
    "Broken",
    "MachineSet",
    reasons.Halted,
  ],
  [
    "the MachineSet is contested",
    { policy: said([machineSetStatus("worker-a", { state: "Contested", reason: "Contested" })]) },
    "Broken",
    "Who manages",
    "",
  ],
  [
    "the MachineSet is behind",
    {
      policy: said([
        machineSetStatus("worker-a", { state: "Outdated", reason: "Behind", managedByReason: "ObserveMode" }),
      ]),
    },
    "Waits",
    "MachineSet",
    reasons.ObserveMode,
  ],
])("%s", (...[, change, standing, object, todo]) => {
  const first = chain(change).find((link) => link.standing !== "Holds");
  expect(first).toMatchObject({ standing, object: expect.stringMatching(new RegExp(`^${object}`)) });
  expect(first?.todo ?? "").toBe(todo);
  expect(isBroken(chain(change))).toBe(
    standing === "Broken" || chain(change).some((link) => link.standing === "Broken"),
  );
});

test("a template of the name in another datacenter or vCenter is another one", () => {
  const [own] = templates;
  const others = [
    { ...own, path: own?.path.replace("/dc/", "/dc-b/"), state: "ContentReplaced" },
    { ...own, server: "vc-b", state: "ContentReplaced" },
  ];
  const holding = (listed: object[]) =>
    chain({ policy: said([machineSetStatus("worker-a")], { templates: listed }) }).find(({ object }) =>
      object.startsWith("Template "),
    );
  expect(holding([...others, ...templates])).toMatchObject({
    standing: "Holds",
    says: `${own?.path} at vc: release 9.8.20261116-0, Ready, bootwarden's own.`,
  });
  expect(holding(others)?.says).toMatch(/^It is none of bootwarden's own/);
});

test("an image that the policy names stands in the ConfigMap's place, which is not asked", () => {
  const imageSource = { url: "https://images.example.com/x.ova", sha256: "ab", release: "9.8.20261116-0" };
  const links = chain({ bootImages: undefined, policy: policy({ spec: { imageSource } }) });
  expect(links.filter(({ object }) => object.startsWith("ConfigMap"))).toEqual([]);
  expect(links[1]).toMatchObject({ source: "spec.imageSource", standing: "Holds" });
  const ofRelease = chain({
    bootImages: undefined,
    policy: policy({ spec: { imageSource: { mirror: "https://m/" } } }),
  });
  expect(ofRelease[1]).toMatchObject({ object: expect.stringMatching(/^ConfigMap/), standing: "Broken" });
});
