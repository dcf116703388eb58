import { describe, expect, test } from "vitest";
import { KubeError } from "../../controller/cluster/kube-error.ts";
import { type AccessState, accessTo } from "../../controller/vcenter-access.ts";

const pem = "-----BEGIN CERTIFICATE-----\nlab\n-----END CERTIFICATE-----\n";
const other = pem.replace("lab", "other");

interface World {
  infrastructure?: { port?: number; cloudConfig?: { name: string; key: string } } | null;
  /** credentialsSecret of each MachineSet of vCenter `vc`. */
  machineSets?: (string | undefined)[];
  cloudConfig?: Record<string, string>;
  bundles?: Record<string, Record<string, string>>;
  secrets?: Record<string, Record<string, string> | number>;
}

const account = { "vc.username": "user", "vc.password": "hunter2" };
const secretPath = "/api/v1/namespaces/openshift-machine-api/secrets/vsphere-cloud-credentials";

function collected<T>(items: Record<string, T>): { items: Map<string, T> } {
  return { items: new Map(Object.entries(items)) };
}

type Entry = Parameters<typeof accessTo>[2];
type Vcenter = Partial<NonNullable<Entry>["vcenters"][number]> | null;

async function access(world: World, vcenter: Vcenter = null, server = "vc") {
  const { infrastructure = {}, machineSets = [], cloudConfig, bundles = {} } = world;
  const secrets: NonNullable<World["secrets"]> = world.secrets ?? { [secretPath]: account };
  const { port, cloudConfig: named = { name: "cloud-provider-config", key: "config" } } = infrastructure ?? {};
  const cluster = { vcenters: [{ server, port }], cloudConfig: named };
  const state: AccessState = {
    infrastructures: collected(infrastructure === null ? {} : { cluster }),
    machineSets: collected(
      Object.fromEntries(
        machineSets.map((credentialsSecret, index) => [
          `openshift-machine-api/${index}`,
          { provider: { workspace: { server }, credentialsSecret } },
        ]),
      ),
    ),
    cloudConfigs: collected(cloudConfig === undefined ? {} : { "openshift-config/cloud-provider-config": cloudConfig }),
    bundles: collected(bundles),
  };
  const asked: string[] = [];
  const get = async (path: string) => {
    asked.push(path);
    const data = secrets[path];
    if (typeof data === "number") throw new KubeError(data, `GET ${path}: refused`);
    const encoded = Object.entries(data ?? {}).map(([key, text]) => [key, Buffer.from(text).toString("base64")]);
    return data === undefined ? undefined : { data: Object.fromEntries(encoded) };
  };
  const policy = vcenter === null ? undefined : { vcenters: [{ server, insecureSkipVerify: false, ...vcenter }] };
  const found = await accessTo({ kube: { get }, state }, server, policy);
  return { ...found, asked };
}

const ini = `[Global]\ninsecure-flag = "1"\n[VirtualCenter "vc"]\nport = "8989"\n`;

describe("the port", () => {
  test.each<[string, World, number]>([
    ["nobody names one", {}, 443],
    ["Infrastructure's", { infrastructure: { port: 8443 }, cloudConfig: { config: ini } }, 8443],
    ["the cloud configuration's", { cloudConfig: { config: ini } }, 8989],
    ["no Infrastructure", { infrastructure: null, cloudConfig: { config: ini } }, 8989],
    [
      "another key",
      { infrastructure: { cloudConfig: { name: "cloud-provider-config", key: "k" } }, cloudConfig: { k: ini } },
      8989,
    ],
    [
      "another ConfigMap",
      { infrastructure: { cloudConfig: { name: "x", key: "config" } }, cloudConfig: { config: ini } },
      443,
    ],
    ["an unreadable one that is not needed", { infrastructure: { port: 443 }, cloudConfig: { config: "[" } }, 443],
  ])("%s", async (_, world, port) => {
    expect((await access(world)).url).toBe(`https://vc:${port}/sdk`);
  });

  test("of a configuration that cannot be read is no guess", async () => {
    await expect(access({ cloudConfig: { config: "[" } })).rejects.toMatchObject({ reason: "CloudConfigInvalid" });
  });

  test("of an IPv6 address", async () => {
    const secrets = { [secretPath]: { "fd00::1.username": "a", "fd00::1.password": "b" } };
    expect((await access({ secrets }, null, "fd00::1")).url).toBe("https://[fd00::1]:443/sdk");
  });
});

describe("the trust", () => {
  const caBundle = { name: "ca", namespace: "bootwarden", key: "k" };
  const world: World = {
    bundles: { "bootwarden/ca": { k: pem, bad: "none" } },
    cloudConfig: { "ca-bundle.pem": other },
  };
  const none = { ca: undefined, thumbprint: undefined, insecureSkipVerify: undefined };
  test.each<[string, World, Vcenter, object]>([
    ["the system's", {}, null, none],
    ["the cloud configuration's", world, null, { ...none, ca: other }],
    ["the policy's", world, { caBundle }, { ...none, ca: pem, insecureSkipVerify: false }],
    ["a thumbprint", world, { thumbprint: "AA" }, { ...none, thumbprint: "AA", insecureSkipVerify: false }],
    ["a thumbprint and a bundle", world, { thumbprint: "AA", caBundle }, { ca: pem, thumbprint: "AA" }],
    ["none, said explicitly", world, { insecureSkipVerify: true }, { ...none, insecureSkipVerify: true }],
    ["insecure-flag turns nothing off", { cloudConfig: { config: ini } }, null, none],
    ["no certificates there", { cloudConfig: { "ca-bundle.pem": "" } }, null, none],
  ])("%s", async (...[, given, vcenter, expected]) => {
    const { ca, thumbprint, insecureSkipVerify } = await access(given, vcenter);
    expect({ ca, thumbprint, insecureSkipVerify }).toMatchObject(expected);
  });

  test.each([
    ["missing", { ...caBundle, name: "no-such" }],
    ["without the key", { ...caBundle, key: "other" }],
    ["without certificates", { ...caBundle, key: "bad" }],
  ])("a bundle that is %s", async (_, bundle) => {
    await expect(access(world, { caBundle: bundle })).rejects.toMatchObject({ reason: "CABundleMissing" });
  });
});

describe("the account", () => {
  const named = "/api/v1/namespaces/openshift-machine-api/secrets/mine";
  const ours = "/api/v1/namespaces/bootwarden/secrets/vcenter";
  const secrets = { [secretPath]: account, [named]: account, [ours]: account };
  test.each<[string, World, Vcenter, string]>([
    ["the installer's", {}, null, secretPath],
    ["that of the MachineSets", { machineSets: ["mine", "mine"] }, null, named],
    ["where MachineSets differ, the installer's", { machineSets: ["mine", "yours"] }, null, secretPath],
    ["where one names none, the installer's", { machineSets: [undefined, "mine"] }, null, secretPath],
    [
      "the policy's",
      { machineSets: ["mine"] },
      { credentialsSecret: { namespace: "bootwarden", name: "vcenter" } },
      ours,
    ],
  ])("%s, in one request", async (...[, world, vcenter, path]) => {
    expect(await access({ ...world, secrets }, vcenter)).toMatchObject({
      username: "user",
      password: "hunter2",
      asked: [path],
    });
  });

  test.each<[string, World["secrets"], string, RegExp]>([
    ["missing", {}, "CredentialsMissing", /does not exist/],
    ["of another vCenter", { [secretPath]: { "x.username": "a" } }, "CredentialsMissing", /lacks the keys vc.username/],
    ["without a password", { [secretPath]: { ...account, "vc.password": "" } }, "CredentialsMissing", /lacks/],
    ["that may not be read", { [secretPath]: 403 }, "CredentialsMissing", /allow get of it/],
    ["that cannot be read now", { [secretPath]: 500 }, "ApiRefused", /refused/],
  ])("a Secret %s", async (...[, given = {}, reason, message]) => {
    await expect(access({ secrets: given })).rejects.toMatchObject({ reason, message: expect.stringMatching(message) });
  });
});
