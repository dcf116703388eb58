// The cluster-wide proxy in a whole lab: the controller follows Proxy/cluster and its trustedCA, at once and without a restart.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { machineSetTemplates, type Stage } from "../demo/stage.ts";
import { type Authority, createAuthority } from "../lab/certificates.ts";
import { clusterProxy } from "../lab/cluster-objects.ts";
import { type ForwardProxy, startForwardProxy } from "../lab/forward-proxy.ts";
import { type ImageServer, startImageServer } from "../lab/image-server.ts";
import { machineSetName } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { bootImages } from "../lab/vsphere-objects.ts";
import { zoneA } from "./engine-room.ts";
import { conditions, expectFailure, expectRecovery } from "./fault-stage.ts";
import { openStage } from "./open-stage.ts";

const password = "proxy-password-7";
let stage: Stage;
let authority: Authority;
/** Known by name to the proxy only, and with a certificate that only the cluster's trustedCA vouches for. */
let mirror: ImageServer;
let proxy: ForwardProxy;

beforeAll(async () => {
  stage = await openStage({ nodes: false });
  const { signal } = stage.lab.ground;
  authority = await createAuthority("the CA of the company");
  mirror = await startImageServer(authority, signal, ["mirror.example"]);
  const hosts = { "mirror.example": Number(new URL(mirror.origin).port) };
  proxy = await startForwardProxy({ hosts, account: `proxy-user:${password}` }, signal);
  await expectRecovery(stage);
});
afterAll(() => stage?.lab.close());

/** Makes it the cluster's. */
async function useProxy(noProxy: string, trustedCA: string): Promise<void> {
  const settings = { httpProxy: proxy.url, httpsProxy: proxy.url, noProxy };
  await stage.lab.api.apply(clusterProxy(settings, trustedCA));
}

/** Names a release behind the proxy as the cluster's. */
async function releaseBehind(name: string): Promise<void> {
  const { url, ...image } = mirror.publish({ release: name, diskBytes: 1_000_000 });
  const behind = url.replace(mirror.origin, "https://mirror.example");
  await stage.lab.api.apply(bootImages("4.20.15", { release: name, ...image, url: behind }));
}

async function moved(name: string): Promise<void> {
  await until({ signal: stage.signal, what: `MachineSets at ${name}`, within: 60_000 }, async () =>
    [...(await machineSetTemplates(stage)).values()].every((template) => template.endsWith(name)),
  );
}

test("a mirror behind it that no CA vouches for is refused, and that is said", async () => {
  await useProxy("127.0.0.1,localhost", "");
  await releaseBehind("9.8.20261119-0");
  await expectFailure(stage, {
    reason: "DownloadFailed",
    object: `MachineSet/${machineSetName(zoneA)}`,
    condition: { type: "BootImageUpdateDegraded", status: "True" },
    remedy: /certificate/,
  });
  expect(new Set(proxy.seen)).toEqual(new Set(["CONNECT mirror.example:443"]));
});

test("with the cluster's trustedCA the image comes through it", async () => {
  await stage.lab.api.apply({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { namespace: "openshift-config-managed", name: "trusted-ca-bundle" },
    data: { "ca-bundle.crt": authority.certificate },
  });
  await useProxy("127.0.0.1,localhost", "user-ca-bundle");
  await moved("9.8.20261119-0");
  await expectRecovery(stage);
  expect(new Set(proxy.seen)).toEqual(new Set(["CONNECT mirror.example:443"]));
});

test("what noProxy names is not looked for behind it, until it is named no more", async () => {
  const before = proxy.seen.length;
  await useProxy("127.0.0.1,.example", "user-ca-bundle");
  await releaseBehind("9.8.20261120-0");
  await until(
    { signal: stage.signal, what: "a download that fails", within: 60_000 },
    async () => (await conditions(stage)).get("BootImageUpdateDegraded")?.reason === "DownloadFailed",
  );
  expect(proxy.seen.length).toBe(before);
  await useProxy("127.0.0.1", "user-ca-bundle");
  await moved("9.8.20261120-0");
  expect(proxy.seen.length).toBeGreaterThan(before);
});

test("the proxy's password is in no log and not in the policy", async () => {
  const log = await readFile(join(stage.lab.ground.logs, "controller.log"), "utf8");
  const policy = await stage.lab.api.get("/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster");
  expect(log + JSON.stringify(policy)).not.toContain(password);
});
