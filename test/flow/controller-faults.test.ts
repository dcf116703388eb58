// The controller's faults: each is said in one word everywhere, touches nothing, leaves nothing, and ends when its cause ends.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { machineApi, machineSetTemplates, type Stage } from "../demo/stage.ts";
import { createAuthority } from "../lab/certificates.ts";
import { policyObjects } from "../lab/policy-objects.ts";
import { folder, machineSetName, type Zone, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { bootImages, machineSet, vsphereObjects } from "../lab/vsphere-objects.ts";
import { type Expected, expectFailure, expectRecovery, type Inventory, inventory } from "./fault-stage.ts";
import { openStage } from "./open-stage.ts";

const [zoneA] = zones as [Zone];
const imagesPath = "/api/v1/namespaces/openshift-machine-config-operator/configmaps/coreos-bootimages";
const degraded = { type: "BootImageUpdateDegraded", status: "True" };
const unreachable = { type: "VCentersReachable", status: "False" };
const atFirstMachineSet = `MachineSet/${machineSetName(zoneA)}`;

let stage: Stage;
let untouched: Inventory;

beforeAll(async () => {
  stage = await openStage({ nodes: false, imageMiB: 4 });
  await expectRecovery(stage);
  untouched = await inventory(stage);
});
afterAll(() => stage?.lab.close());

async function releaseImage(image: { release: string; url: string; sha256: string }): Promise<void> {
  await stage.lab.api.apply(bootImages("4.20.15", image));
}

/** Makes the controller look again: Secrets and CA bundles are read at each pass, not watched. */
async function look(): Promise<void> {
  const path = `${machineApi}/machinesets/${machineSetName(zoneA)}`;
  await stage.lab.api.merge(path, { metadata: { annotations: { "lab/look": randomUUID() } } });
}

const broken = "9.8.20261117-0";
const imageFaults: [string, () => { url: string; sha256: string }, Omit<Expected, "object" | "condition">][] = [
  [
    "an OVA with another sha256",
    () => ({ ...stage.lab.mirror.publish({ release: broken, diskBytes: 3_000_000 }), sha256: "0".repeat(64) }),
    { reason: "ChecksumMismatch", remedy: /sha256/ },
  ],
  [
    "a truncated OVA",
    () => stage.lab.mirror.publish({ release: broken, diskBytes: 3_000_000, cutAfter: 2_000_000 }),
    { reason: "ImageTruncated", remedy: /ends|half|truncated/ },
  ],
  [
    "an OVA without a descriptor",
    () => stage.lab.mirror.publish({ release: broken, diskBytes: 3_000_000, descriptor: null }),
    { reason: "DescriptorMissing", remedy: /descriptor/ },
  ],
  [
    "an image that is not there",
    () => ({ url: `${stage.lab.mirror.origin}/nothing.ova`, sha256: "0".repeat(64) }),
    { reason: "DownloadFailed", remedy: /404/ },
  ],
];

describe("an image", () => {
  test.each(imageFaults)("%s", async (_, publish, expected) => {
    await releaseImage({ release: broken, ...publish() });
    await expectFailure(stage, { ...expected, object: atFirstMachineSet, condition: degraded });
    expect(await inventory(stage)).toEqual(untouched);
    await releaseImage(stage.lab.images[0]);
    await expectRecovery(stage);
    expect(await inventory(stage)).toEqual(untouched);
  });
});

describe("the ConfigMap of the boot images", () => {
  const policy = { object: "BootImagePolicy/cluster", condition: degraded };

  test("missing", async () => {
    await stage.lab.api.remove(imagesPath);
    await expectFailure(stage, { ...policy, reason: "BootImagesMissing", remedy: /coreos-bootimages is missing/ });
    await releaseImage(stage.lab.images[0]);
    await expectRecovery(stage);
  });

  test("malformed", async () => {
    await stage.lab.api.merge(imagesPath, { data: { stream: "{" } });
    await expectFailure(stage, { ...policy, reason: "BootImagesInvalid", remedy: /no JSON/ });
    await releaseImage(stage.lab.images[0]);
    await expectRecovery(stage);
    expect(await inventory(stage)).toEqual(untouched);
  });
});

describe("vCenter", () => {
  const policy = { object: "BootImagePolicy/cluster", condition: unreachable };

  test("another password", async () => {
    const secret = "/api/v1/namespaces/openshift-machine-api/secrets/vsphere-cloud-credentials";
    await stage.lab.api.merge(secret, { stringData: { "127.0.0.1.password": "another" } });
    await look();
    await expectFailure(stage, { ...policy, reason: "LoginRefused", remedy: /Secret/ });
    for (const object of vsphereObjects(stage.lab.installation)) await stage.lab.api.apply(object);
    await expectRecovery(stage);
  });

  test("a certificate of an unknown CA", async () => {
    const stranger = await createAuthority("somebody else");
    const { server } = stage.lab.vcenter;
    for (const object of policyObjects(server, stranger.certificate)) await stage.lab.api.apply(object);
    await look();
    await expectFailure(stage, { ...policy, reason: "CertificateUntrusted", remedy: /CA bundle|caBundle/ });
    for (const object of policyObjects(server, stage.lab.ground.authority.certificate))
      await stage.lab.api.apply(object);
    await expectRecovery(stage);
    expect(await inventory(stage)).toEqual(untouched);
  });

  test("not there", async () => {
    const infrastructure = "/apis/config.openshift.io/v1/infrastructures/cluster";
    const vcenters = (port: number) => [{ server: "127.0.0.1", port, datacenters: ["dc-east"] }];
    const point = (port: number) =>
      stage.lab.api.merge(infrastructure, { spec: { platformSpec: { vsphere: { vcenters: vcenters(port) } } } });
    await point(1);
    await expectFailure(stage, { ...policy, reason: "VCenterUnreachable", remedy: /127\.0\.0\.1/ });
    await point(stage.lab.vcenter.port);
    await expectRecovery(stage);
  });
});

describe("a MachineSet", () => {
  test("without a workspace fails alone, and the others move on", async () => {
    const { api, vcenter, images } = stage.lab;
    // The webhook would refuse it today; an older cluster may hold one.
    const webhooks = ["mutating", "validating"].map(
      (kind) => `/apis/admissionregistration.k8s.io/v1/${kind}webhookconfigurations/machine-api`,
    );
    const saved = await Promise.all(webhooks.map((path) => api.get(path)));
    for (const path of webhooks) await api.remove(path);
    const odd = { ...zoneA, suffix: "odd" };
    await api.apply(machineSet(vcenter.server, odd));
    const path = `${machineApi}/machinesets/${machineSetName(odd)}`;
    await api.merge(path, { spec: { template: { spec: { providerSpec: { value: { workspace: null } } } } } });
    for (const webhook of saved) {
      if (webhook === undefined) continue;
      const { apiVersion, kind, metadata, ...rest } = webhook;
      await api.apply({ apiVersion, kind, metadata: { name: metadata.name }, ...rest });
    }
    const object = `MachineSet/${machineSetName(odd)}`;
    await expectFailure(stage, { reason: "NoWorkspace", object, condition: degraded, remedy: /lacks server/ });
    const before = (await machineSetTemplates(stage)).get(machineSetName(odd));

    await releaseImage(images[1]);
    await until({ signal: stage.signal, what: "the other MachineSets at release B", within: 60_000 }, async () => {
      const templates = await machineSetTemplates(stage);
      return zones.every((zone) => templates.get(machineSetName(zone))?.includes(images[1].release));
    });
    expect((await machineSetTemplates(stage)).get(machineSetName(odd))).toBe(before);
    await api.remove(path);
    await expectRecovery(stage);
  });

  test("moves to another name where somebody's VM has the template's", async () => {
    const { vcenter, mirror } = stage.lab;
    const release = "9.8.20261118-0";
    const taken = `lab-7x2kq-rhcos-${zoneA.name}-${release}`;
    const where = [`-ds=${zoneA.datastore}`, `-pool=${zoneA.resourcePool}`, `-folder=${folder}`];
    await vcenter.govc("vm.create", ...where, `-net=${zoneA.network}`, "-on=false", taken);
    const uuid = async () => await vcenter.govc("object.collect", "-s", `${folder}/${taken}`, "config.instanceUuid");
    const before = await uuid();
    await releaseImage({ release, ...mirror.publish({ release, diskBytes: 3_000_000 }) });
    await until({ signal: stage.signal, what: `${taken}-2`, within: 60_000 }, async () => {
      return (await machineSetTemplates(stage)).get(machineSetName(zoneA)) === `${taken}-2`;
    });
    await expectRecovery(stage);
    expect(await uuid()).toBe(before);
    expect(await vcenter.govc("object.collect", "-s", `${folder}/${taken}`, "config.template")).toBe("false");
  });
});

test("the controller lived through all of it", () => {
  expect(stage.lab.controller?.child().running()).toBe(true);
});
