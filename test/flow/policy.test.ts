// The policy as the API server takes it from kubectl: every bad one is refused with a sentence that says what is wrong.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Lab, startLab } from "../lab/lab.ts";
import { inheritedEnvironment } from "../lab/settings.ts";

const path = "/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster";
const end = new AbortController();
let lab: Lab;

beforeAll(async () => {
  const options = { controller: false, nodes: false, machineSets: false, imageMiB: 1, say: console.error };
  lab = await startLab(options, end.signal);
});
afterAll(() => lab?.close());
beforeEach(() => lab.api.remove(path));

const policy = (spec: unknown, name = "cluster") => ({
  apiVersion: "bootwarden.io/v1alpha1",
  kind: "BootImagePolicy",
  metadata: { name },
  spec,
});

/** `kubectl apply`: resolves with what it says, and whether it was taken. */
async function apply(object: object): Promise<{ taken: boolean; said: string }> {
  const file = join(lab.ground.directory, "policy.json");
  await writeFile(file, JSON.stringify(object));
  const { exitCode, stdout, stderr } = await execa(
    "kubectl",
    ["--kubeconfig", lab.controlPlane.kubeconfig, "apply", "--server-side", "--force-conflicts", "-f", file],
    { env: inheritedEnvironment(), extendEnv: false, reject: false, timeout: 30_000 },
  );
  return { taken: exitCode === 0, said: `${stdout}\n${stderr}` };
}

const image = { url: "https://m/x.ova", sha256: "ab".repeat(32), release: "9.8.20260428-0" };
const vcenter = (own: object) => ({ vcenters: [{ server: "vc", ...own }] });
const select = (expression: object) => {
  const machineResourceSelector = { matchExpressions: [expression] };
  return { selection: { mode: "Partial", partial: { machineResourceSelector } } };
};

const refused: [what: string, spec: unknown, sentence: string | RegExp][] = [
  ["no spec", undefined, /spec: Required value/],
  [
    "a field that there is not",
    { imageSource: { mirrors: "https://m" } },
    /spec\.imageSource\.mirrors: field not declared/,
  ],
  ["an unknown mode", { mode: "Auto" }, 'Unsupported value: "Auto": supported values: "Observe", "Manage"'],
  ["a selection without mode", { selection: {} }, "spec.selection.mode: Required value"],
  ["an unknown selection", { selection: { mode: "Some" } }, /selection\.mode: Unsupported value: "Some"/],
  ["Partial without a selector", { selection: { mode: "Partial" } }, "mode Partial needs the field partial"],
  [
    "a selector without Partial",
    { selection: { mode: "All", partial: { machineResourceSelector: {} } } },
    "and no other mode may have it",
  ],
  ["Partial of nothing", { selection: { mode: "Partial", partial: {} } }, "machineResourceSelector: Required value"],
  ["an unknown operator", select({ key: "a", operator: "Like" }), /operator: Unsupported value: "Like"/],
  ["In without values", select({ key: "a", operator: "In" }), "the operators In and NotIn need values"],
  ["In of no values", select({ key: "a", operator: "NotIn", values: [] }), "the operators In and NotIn need values"],
  ["Exists with values", select({ key: "a", operator: "Exists", values: ["b"] }), "Exists and DoesNotExist take none"],
  ["a mirror with a password", { imageSource: { mirror: "https://me:secret@mirror/" } }, "without user name, query"],
  ["a mirror with a query", { imageSource: { mirror: "https://mirror/?a" } }, "without user name, query and fragment"],
  [
    "a mirror that is no URL",
    { imageSource: { mirror: "mirror/rhcos" } },
    "imageSource.mirror is an https or http URL",
  ],
  [
    "a url of another kind",
    { imageSource: { ...image, url: "ftp://m/x" } },
    "imageSource.url is the https or http URL",
  ],
  ["a url with a user", { imageSource: { ...image, url: "https://me@m/x" } }, "without user name and fragment"],
  ["a url without a path", { imageSource: { ...image, url: "https://m" } }, "imageSource.url is the https or http URL"],
  ["a url without sha256", { imageSource: { url: image.url, release: image.release } }, "imageSource.url needs sha256"],
  ["sha256 without url", { imageSource: { sha256: image.sha256 } }, "sha256 is of a url"],
  ["a sha256 that is none", { imageSource: { ...image, sha256: "abc" } }, "imageSource.sha256 is 64 hex digits"],
  [
    "a url without release",
    { imageSource: { url: image.url, sha256: image.sha256 } },
    "needs the release of its image",
  ],
  [
    "a release that is none",
    { imageSource: { ...image, release: "9.8/x" } },
    "imageSource.release is a release of CoreOS",
  ],
  ["a release of the cluster's image", { imageSource: { release: "9.8.1-0" } }, "release is of a url or a template"],
  ["a release of a mirror", { imageSource: { mirror: "https://m", release: "9.8.1-0" } }, "is of a url or a template"],
  ["a mirror and a url", { imageSource: { ...image, mirror: "https://m" } }, "one of mirror, url and template"],
  [
    "a mirror and a template",
    { imageSource: { mirror: "https://m", template: "a/b" } },
    "one of mirror, url and template",
  ],
  ["a url and a template", { imageSource: { ...image, template: "a/b" } }, "one of mirror, url and template"],
  ["all three", { imageSource: { ...image, mirror: "https://m", template: "a" } }, "one of mirror, url and template"],
  ["a template of no name", { imageSource: { template: "" } }, "imageSource.template is an inventory path"],
  [
    "a template that is a folder",
    { imageSource: { template: "golden/" } },
    "imageSource.template is an inventory path",
  ],
  [
    "a template path with a hole",
    { imageSource: { template: "/dc/vm//x" } },
    "imageSource.template is an inventory path",
  ],
  ["a template path with a tab", { imageSource: { template: "a/\tb" } }, "imageSource.template is an inventory path"],
  ["a template of no VM folder", { imageSource: { template: "/dc/host/x" } }, "below the VM folder of its datacenter"],
  [
    "a CA bundle of a template",
    { imageSource: { template: "a/b", caBundle: { name: "a", key: "b" } } },
    "imageSource.caBundle is of a mirror or a url, since a template is not downloaded",
  ],
  [
    "a CA bundle elsewhere",
    { imageSource: { caBundle: { name: "a", key: "b", namespace: "c" } } },
    'values: "bootwarden"',
  ],
  ["a CA bundle without key", { imageSource: { caBundle: { name: "a" } } }, "imageSource.caBundle.key: Required value"],
  ["a vCenter without server", { vcenters: [{}] }, /vcenters: element 0: .* omits all key fields \["server"\]/],
  ["a vCenter by its URL", { vcenters: [{ server: "https://vc/sdk" }] }, "server is a host name or an address"],
  ["a vCenter with an account", { vcenters: [{ server: "me@vc" }] }, "server is a host name or an address"],
  ["a vCenter of no name", { vcenters: [{ server: "" }] }, "server is a host name or an address"],
  ["a vCenter twice", { vcenters: [{ server: "a" }, { server: "a" }] }, /vcenters.*[Dd]uplicate/],
  ["four vCenters", { vcenters: ["a", "b", "c", "d"].map((server) => ({ server })) }, /must have at most 3 items/],
  ["an account elsewhere", vcenter({ credentialsSecret: { name: "b", namespace: "kube-system" } }), '"kube-system"'],
  ["an account of no name", vcenter({ credentialsSecret: {} }), "credentialsSecret.name: Required value"],
  ["a thumbprint that is none", vcenter({ thumbprint: "AA:BB" }), "thumbprint is the SHA-256 of a certificate"],
  ["a thumbprint of SHA-1", vcenter({ thumbprint: `${"AA:".repeat(19)}AA` }), "32 pairs of hex digits in capitals"],
  ["TLS off, and a CA", vcenter({ insecureSkipVerify: true, caBundle: { name: "a", key: "b" } }), "verifies nothing"],
  ["TLS off, by a word", vcenter({ insecureSkipVerify: "true" }), /insecureSkipVerify.*(boolean|expected bool)/],
  [
    "an unknown provisioning",
    { template: { diskProvisioning: "thin" } },
    /diskProvisioning: Unsupported value: "thin"/,
  ],
  ["an unknown snapshot", { template: { snapshot: "Always" } }, /snapshot: Unsupported value: "Always"/],
  ["no release retained", { template: { retain: 0 } }, "should be greater than or equal to 1"],
  ["too many retained", { template: { retain: 101 } }, "should be less than or equal to 100"],
  ["half a release retained", { template: { retain: 1.5 } }, /retain/],
  [
    "a deadline in words",
    { rollout: { newNodeDeadline: "soon" } },
    "newNodeDeadline is a duration of a second or more",
  ],
  ["a deadline of nothing", { rollout: { newNodeDeadline: "" } }, "newNodeDeadline is a duration of a second or more"],
  [
    "a deadline of no time",
    { rollout: { newNodeDeadline: "0s" } },
    "newNodeDeadline is a duration of a second or more",
  ],
  ["a deadline in days", { rollout: { newNodeDeadline: "1d" } }, "newNodeDeadline is a duration of a second or more"],
  ["back, by a word", { rollout: { allowDowngrade: "yes" } }, /allowDowngrade.*(boolean|expected bool)/],
];

describe("refuses a policy with", () => {
  test.each(refused)("%s", async (_, spec, sentence) => {
    const { taken, said } = await apply(policy(spec));
    const expected = typeof sentence === "string" ? expect.stringContaining(sentence) : expect.stringMatching(sentence);
    expect({ taken, said }).toEqual({ taken: false, said: expected });
  });

  test("another name", async () => {
    expect((await apply(policy({}, "other"))).said).toContain("there is one BootImagePolicy, and its name is cluster");
  });
});

describe("takes a policy with", () => {
  test.each([
    ["nothing", {}],
    ["a mirror", { imageSource: { mirror: "http://10.0.0.1:8080/rhcos/", caBundle: { name: "a", key: "b" } } }],
    ["a CA bundle alone", { imageSource: { caBundle: { name: "a", namespace: "bootwarden", key: "b" } } }],
    ["a url with a query", { imageSource: { ...image, url: "https://m:8443/a/x.ova?sig=a/b@c" } }],
    ["a url and a CA", { imageSource: { ...image, caBundle: { name: "a", key: "b" } } }],
    ["a template", { imageSource: { template: "golden images/rhcos 9" } }],
    ["a template of a release", { imageSource: { template: "/f/dc/vm/rhcos", release: "418.94.202509100653-0" } }],
    ["a selector", select({ key: "a", operator: "In", values: ["b"] })],
    ["a thumbprint", vcenter({ thumbprint: `${"0F:".repeat(31)}0F` })],
    ["TLS off", vcenter({ insecureSkipVerify: true })],
    ["an IPv6 address", { vcenters: [{ server: "fd00::1" }] }],
    ["all of rollout", { rollout: { pauseOnFailure: false, allowDowngrade: true, newNodeDeadline: "1h30m" } }],
  ])("%s", async (_, spec) => {
    expect(await apply(policy(spec))).toEqual({ taken: true, said: expect.stringContaining("serverside-applied") });
  });
});

test("fills in that a policy observes all", async () => {
  expect((await lab.api.apply(policy({}))).spec).toEqual({ mode: "Observe", selection: { mode: "All" } });
});
