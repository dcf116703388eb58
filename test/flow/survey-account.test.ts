// The account, the address and the CA of a vCenter, from wherever the cluster and the policy name them; changed while the controller runs.
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { namespace, vcenterSecret } from "../../common/annotations.ts";
import { machineApi, type Stage } from "../demo/stage.ts";
import { machineSetName, type Zone, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { vsphereObjects } from "../lab/vsphere-objects.ts";
import { conditions, expectRecovery } from "./fault-stage.ts";
import { openStage } from "./open-stage.ts";

const [zoneA] = zones as [Zone];
const setA = `${machineApi}/machinesets/${machineSetName(zoneA)}`;
const policy = "/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster";
const infrastructure = "/apis/config.openshift.io/v1/infrastructures/cluster";
const cloudConfig = "/api/v1/namespaces/openshift-config/configmaps/cloud-provider-config";
const caBundle = { name: "lab-ca", namespace, key: "ca-bundle.crt" };

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ nodes: false });
  await expectRecovery(stage);
});
afterAll(() => stage?.lab.close());

async function says(reason: string): Promise<void> {
  await until({ signal: stage.signal, what: `VCentersReachable ${reason}`, within: 30_000 }, async () => {
    const said = (await conditions(stage)).get("VCentersReachable");
    if (said?.reason === reason) return true;
    throw new Error(`it says ${JSON.stringify(said)}`);
  });
}

/** Makes the controller look again: Secrets are read at each pass, not watched. */
async function look(): Promise<void> {
  await stage.lab.api.merge(setA, { metadata: { annotations: { "lab/look": randomUUID() } } });
}

async function point(ports: { port?: number | null }): Promise<void> {
  const vcenters = [{ server: "127.0.0.1", ...ports, datacenters: ["dc-east"] }];
  await stage.lab.api.merge(infrastructure, { spec: { platformSpec: { vsphere: { vcenters } } } });
}

async function entry(fields: object): Promise<void> {
  await stage.lab.api.merge(policy, { spec: { vcenters: [{ server: "127.0.0.1", ...fields }] } });
}

async function trace(): Promise<string[]> {
  return (await readFile(stage.lab.vcenter.trace, "utf8")).trim().split("\n");
}

test("a port that only the cloud configuration has", async () => {
  await point({ port: 1 });
  await says("VCenterUnreachable");
  await point({});
  await says("AllReachable");
  await stage.lab.api.merge(cloudConfig, { data: { config: "[" } });
  await says("CloudConfigInvalid");
  const yaml = `vcenter: {east: {server: 127.0.0.1, port: ${stage.lab.vcenter.port}}}`;
  await stage.lab.api.merge(cloudConfig, { data: { config: yaml } });
  await says("AllReachable");
  for (const object of vsphereObjects(stage.lab.installation)) await stage.lab.api.apply(object);
  await point({ port: stage.lab.vcenter.port });
});

test("a CA that stands beside the cloud configuration, used at once", async () => {
  await entry({});
  await says("CertificateUntrusted");
  await stage.lab.api.merge(cloudConfig, { data: { "ca-bundle.pem": stage.lab.ground.authority.certificate } });
  await says("AllReachable");
  await entry({ caBundle });
  await expectRecovery(stage);
});

test("an account that the policy names, and its new password", async () => {
  const { api, vcenter } = stage.lab;
  const credentialsSecret = { name: vcenterSecret, namespace };
  await entry({ caBundle, credentialsSecret });
  await says("CredentialsMissing");
  const secret = (password: string) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: credentialsSecret,
    stringData: { "127.0.0.1.username": vcenter.username, "127.0.0.1.password": password },
  });
  await api.apply(secret("another"));
  await look();
  await says("LoginRefused");
  await api.apply(secret(vcenter.password));
  await look();
  await says("AllReachable");
  expect(await readFile(`${stage.lab.ground.logs}/controller.log`, "utf8")).not.toContain(vcenter.password);
  await entry({ caBundle });
  await expectRecovery(stage);
});

test("a Secret of the MachineSets that may not be read is named, with the remedy", async () => {
  const value = { credentialsSecret: { name: "mine" } };
  const name = async (credentialsSecret: object) => {
    for (const zone of zones) {
      const path = `${machineApi}/machinesets/${machineSetName(zone)}`;
      await stage.lab.api.merge(path, {
        spec: { template: { spec: { providerSpec: { value: { credentialsSecret } } } } },
      });
    }
  };
  await name(value.credentialsSecret);
  await says("CredentialsMissing");
  expect((await conditions(stage)).get("VCentersReachable")?.message).toMatch(
    /openshift-machine-api\/mine may not be read/,
  );
  await name({ name: "vsphere-cloud-credentials" });
  await expectRecovery(stage);
});

test("a session that somebody ends is opened anew, and nobody hears of it", async () => {
  const { govc } = stage.lab.vcenter;
  const listed = await govc("session.ls", "-json");
  const keys = [...listed.matchAll(/"key":\s*"([0-9a-f-]{36})"/g)].map(([, key = ""]) => key);
  // The controller may look, and log in again, as soon as the first of them is gone.
  const ended = (await trace()).length;
  for (const key of keys) await govc("session.rm", key).catch(() => "that was its own, and is gone");
  expect(keys.length).toBeGreaterThan(0);
  const logFile = `${stage.lab.ground.logs}/controller.log`;
  const logged = (await readFile(logFile, "utf8")).length;
  await look();
  const since = await until({ signal: stage.signal, what: "a pass in a new session" }, async () => {
    const lines = (await trace()).slice(ended);
    const read = lines.filter((line) => line.includes('"RetrievePropertiesEx"'));
    return read.some((line) => !keys.some((key) => line.includes(key))) && lines;
  });
  expect(since.some((line) => line.includes('"Login"'))).toBe(true);
  await says("AllReachable");
  expect((await readFile(logFile, "utf8")).slice(logged)).not.toMatch(/"level":"?(warn|error|40|50)/);
});
