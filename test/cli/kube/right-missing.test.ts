// The missing right: named exactly, with the commands that give it.
import { expect, test } from "vitest";
import { resources } from "../../../cli/kube/resource.ts";
import { grants, type Right, RightMissing } from "../../../cli/kube/right-missing.ts";

const lack = (right: Right, user: string | null = "jane") =>
  new RightMissing(
    right,
    user === null ? "forbidden" : `nodes is forbidden: User "${user}" cannot list resource "nodes"`,
  );

test.each<[Right, string]>([
  [{ verb: "list", resource: resources.nodes }, "jane may not list nodes in the whole cluster."],
  [
    { verb: "get", resource: resources.policies, name: "cluster" },
    "jane may not get bootimagepolicies.bootwarden.io cluster.",
  ],
  [
    { verb: "patch", resource: resources.machineSets, name: "worker-a" },
    "jane may not patch machinesets.machine.openshift.io worker-a in namespace openshift-machine-api.",
  ],
])("%j", (right, message) => {
  expect(lack(right)).toMatchObject({ reason: "RightMissing", message });
});

test("what is read is given by one role, what is written by one of its own", () => {
  const missing = [
    lack({ verb: "list", resource: resources.nodes }),
    lack({ verb: "get", resource: resources.policies, name: "cluster" }),
    lack({ verb: "patch", resource: resources.machineSets, name: "a" }),
    lack({ verb: "patch", resource: resources.machineSets, name: "b" }),
    lack({ verb: "patch", resource: resources.policies, name: "cluster" }),
  ];
  expect(grants(missing)).toEqual([
    "kubectl create clusterrolebinding bootwarden-reader-jane --clusterrole=bootwarden-reader --user=jane",
    "kubectl -n openshift-machine-api create role bootwarden-patch-machinesets --verb=get,patch --resource=machinesets.machine.openshift.io",
    "kubectl -n openshift-machine-api create rolebinding bootwarden-patch-machinesets-jane --role=bootwarden-patch-machinesets --user=jane",
    "kubectl create clusterrole bootwarden-patch-bootimagepolicies --verb=get,patch --resource=bootimagepolicies.bootwarden.io",
    "kubectl create clusterrolebinding bootwarden-patch-bootimagepolicies-jane --clusterrole=bootwarden-patch-bootimagepolicies --user=jane",
  ]);
  expect(grants([])).toEqual([]);
});

test.each([
  ["system:serviceaccount:ci:auditor", "bootwarden-reader-ci-auditor", "--serviceaccount=ci:auditor"],
  [
    "Jane Doe <jane@example.com>",
    "bootwarden-reader-jane-doe-jane-example-com",
    "--user='Jane Doe <jane@example.com>'",
  ],
  ["kube:admin", "bootwarden-reader-kube-admin", "--user=kube:admin"],
  [null, "bootwarden-reader-user", "--user=USER"],
])("%s is named so that a shell takes it", (user, binding, subject) => {
  const [command] = grants([lack({ verb: "list", resource: resources.nodes }, user)]);
  expect(command).toBe(`kubectl create clusterrolebinding ${binding} --clusterrole=bootwarden-reader ${subject}`);
});
