// Two OS streams in one cluster: each MachineSet gets the image of its stream, and one that the release has not is left alone.
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { machineSetTemplates, type Stage, vcenterCalls } from "../demo/stage.ts";
import { machineSetName } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { bootImages, type Image } from "../lab/vsphere-objects.ts";
import { type NamedMachineSet, namedMachineSet } from "./named-machine-set.ts";
import { templateOf, zoneA, zoneB } from "./old-templates.ts";
import { openStage } from "./open-stage.ts";

const policyPath = "/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster";
const managersPath = "/apis/operator.openshift.io/v1/machineconfigurations/cluster/status";
const versionPath = "/apis/config.openshift.io/v1/clusterversions/version/status";
const [nine, ten, tenLater] = ["9.8.20261201-0", "10.2.20261201-0", "10.2.20261202-0"];

const following = (stream: string, own: NamedMachineSet = {}): NamedMachineSet => ({
  ...own,
  labels: { "machineconfiguration.openshift.io/osstream": stream },
});
const sets: Record<string, NamedMachineSet> = {
  el9: following("rhel-9"),
  el10: following("rhel-10"),
  "el10-b": following("rhel-10", { zone: zoneB }),
  el11: following("rhel-11"),
};
const [setA, setB] = [machineSetName(zoneA), machineSetName(zoneB)];

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ nodes: false });
  const { api, vcenter } = stage.lab;
  for (const [name, own] of Object.entries(sets)) await api.apply(namedMachineSet(vcenter.server, name, own));
});
afterAll(() => stage?.lab.close());

const Status = z.object({
  status: z.object({
    target: z.object({ release: z.string() }),
    targets: z
      .array(z.object({ stream: z.string(), architecture: z.string(), release: z.string(), sha256: z.string() }))
      .default([]),
    machineSets: z.array(
      z.object({ name: z.string(), managedBy: z.string(), state: z.string(), reason: z.string(), message: z.string() }),
    ),
  }),
});

const status = async () => Status.parse(await stage.lab.api.get(policyPath)).status;

async function untilSaid(expected: Record<string, string>): Promise<void> {
  await until({ signal: stage.signal, what: JSON.stringify(expected), within: 60_000 }, async () => {
    const all = (await status()).machineSets.map(({ name, managedBy, state, reason }) => [
      name,
      `${managedBy} ${state} ${reason}`,
    ]);
    const said = Object.fromEntries(all);
    if (Object.entries(expected).every(([name, words]) => said[name] === words)) return true;
    throw new Error(JSON.stringify(said));
  });
}

function publish(release: string): Image {
  return { release, ...stage.lab.mirror.publish({ release, diskBytes: 1_000_000 }) };
}

async function messageOf(name: string): Promise<string> {
  return (await status()).machineSets.find((set) => set.name === name)?.message ?? "";
}

test("a release of one stream has none for MachineSets that follow another", async () => {
  const alone = "Nobody Skipped OtherStream";
  await untilSaid({ el9: "Bootwarden UpToDate OnTarget", el10: alone, "el10-b": alone, el11: alone });
  expect(await messageOf("el10")).toContain("names rhel-10; coreos-bootimages has its default stream only");
  expect((await status()).targets).toEqual([]);
});

test("each follows its stream: one download and one upload for each image, a template of each in a place", async () => {
  const { api, mirror } = stage.lab;
  const before = { downloads: mirror.sent().requests, uploads: (await vcenterCalls(stage)).get("ImportVApp") ?? 0 };
  const [image, other] = [publish(nine), publish(ten)];
  await api.apply(bootImages("4.20.15", image, { "rhel-9": image, "rhel-10": other }));
  const done = "Bootwarden UpToDate OnTarget";
  const expected = { [setA]: done, [setB]: done, el9: done, el10: done, "el10-b": done };
  await untilSaid({ ...expected, el11: "Nobody Skipped OtherStream" });
  expect(Object.fromEntries(await machineSetTemplates(stage))).toMatchObject({
    ...{ [setA]: templateOf(zoneA, nine), [setB]: templateOf(zoneB, nine), el9: templateOf(zoneA, nine) },
    ...{ el10: templateOf(zoneA, ten), "el10-b": templateOf(zoneB, ten) },
  });
  const uploads = (await vcenterCalls(stage)).get("ImportVApp") ?? 0;
  expect([mirror.sent().requests - before.downloads, uploads - before.uploads]).toEqual([2, 2]);
  expect(await messageOf("el11")).toContain("names rhel-11; coreos-bootimages has rhel-9, rhel-10");
});

test("the status tells the default stream's image, and all where there are several", async () => {
  const { target, targets } = await status();
  expect(target.release).toBe(nine);
  expect(targets).toMatchObject([
    { stream: "default", architecture: "x86_64", release: nine },
    { stream: "rhel-10", architecture: "x86_64", release: ten },
  ]);
  const metrics = await (await fetch(stage.lab.controller?.metrics ?? "")).text();
  for (const release of [nine, ten]) expect(metrics).toContain(`bootwarden_target_info{release="${release}"} 1`);
});

test("where the Machine Config Operator manages all, it passes over the stream that it does not know, and bootwarden does not", async () => {
  const { api } = stage.lab;
  const selection = { mode: "All" };
  const machineManagers = [{ resource: "machinesets", apiGroup: "machine.openshift.io", selection }];
  await api.merge(managersPath, { status: { managedBootImagesStatus: { machineManagers } } });
  const entry = { state: "Completed", version: "4.22.1", startedTime: "2026-11-20T16:00:00Z", verified: true };
  const image = `quay.io/openshift-release-dev/ocp-release@sha256:${"b".repeat(64)}`;
  const history = [{ ...entry, completionTime: "2026-11-20T18:00:00Z", image }];
  await api.merge(versionPath, { status: { history, desired: { image, version: "4.22.1" } } });
  const theirs = "MCO Skipped ManagedByMCO";
  await untilSaid({ [setA]: theirs, [setB]: theirs, el9: theirs, el10: "Bootwarden UpToDate OnTarget" });
  const [later, latest] = [publish("9.8.20261202-0"), publish(tenLater)];
  await api.apply(bootImages("4.22.1", later, { "rhel-9": later, "rhel-10": latest }));
  await until({ signal: stage.signal, what: `the moves to ${tenLater}`, within: 60_000 }, async () => {
    const templates = await machineSetTemplates(stage);
    return (
      templates.get("el10-b") === templateOf(zoneB, tenLater) && templates.get("el10") === templateOf(zoneA, tenLater)
    );
  });
  const templates = await machineSetTemplates(stage);
  expect([setA, setB, "el9"].map((name) => templates.get(name))).toEqual([
    ...[templateOf(zoneA, nine), templateOf(zoneB, nine), templateOf(zoneA, nine)],
  ]);
});
