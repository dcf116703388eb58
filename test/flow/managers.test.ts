// Who manages which MachineSet, and why: said of every MachineSet, always, in the policy's status.
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { machineApi, type Stage } from "../demo/stage.ts";
import { until } from "../lab/until.ts";
import { type NamedMachineSet, namedMachineSet } from "./named-machine-set.ts";
import { setPolicy } from "./old-templates.ts";
import { openStage } from "./open-stage.ts";

const policyPath = "/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster";
const versionPath = "/apis/config.openshift.io/v1/clusterversions/version/status";
const managersPath = "/apis/operator.openshift.io/v1/machineconfigurations/cluster/status";
const gatesPath = "/apis/config.openshift.io/v1/featuregates/cluster";

const Status = z.object({
  status: z.object({
    machineSets: z.array(
      z.looseObject({
        name: z.string(),
        managedBy: z.string(),
        managedByReason: z.string(),
        managedByMessage: z.string().min(1),
      }),
    ),
    platform: z.object({ version: z.string(), featureSet: z.string(), machineConfigOperator: z.string() }),
  }),
});

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ nodes: false, machineSets: false });
  for (const [name, over] of Object.entries(odd))
    await stage.lab.api.apply(namedMachineSet(stage.lab.vcenter.server, name, over));
});
afterAll(() => stage?.lab.close());

const odd: Record<string, NamedMachineSet> = {
  plain: {},
  west: { labels: { region: "west" } },
  held: { annotations: { "bootwarden.io/hold": "true" } },
  owned: { metadata: { ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "owner", uid: "0-1" }] } },
  windows: { machineLabels: { "machine.openshift.io/os-id": "Windows" } },
  stream: { labels: { "machineconfiguration.openshift.io/osstream": "fedora-99" } },
  unarchitected: { annotations: { "capacity.cluster-autoscaler.kubernetes.io/labels": "kubernetes.io/arch=vax" } },
};

/** Waits until the status says this of the MachineSets; the rest of them may say what they like. */
async function untilSaid(expected: Record<string, string>): Promise<void> {
  await until({ signal: stage.signal, what: JSON.stringify(expected), within: 40_000 }, async () => {
    const { machineSets } = Status.parse(await stage.lab.api.get(policyPath)).status;
    const said = Object.fromEntries(
      machineSets.map(({ name, managedBy, managedByReason }) => [name, `${managedBy} ${managedByReason}`]),
    );
    if (Object.entries(expected).every(([name, words]) => said[name] === words)) return true;
    throw new Error(JSON.stringify(said));
  });
}

const others = {
  held: "Nobody OnHold",
  owned: "Nobody OwnedByOther",
  windows: "Nobody WindowsMachineSet",
  stream: "Nobody OtherStream",
  unarchitected: "Nobody ArchitectureUnknown",
};

test("in Observe mode", async () => {
  await setPolicy(stage, { mode: "Observe" });
  await untilSaid({ plain: "Bootwarden ObserveMode", west: "Bootwarden ObserveMode", ...others });
});

test("in Manage mode", async () => {
  await setPolicy(stage, { mode: "Manage" });
  await untilSaid({ plain: "Bootwarden Enrolled", west: "Bootwarden Enrolled", ...others });
});

test("those that the selection does not take", async () => {
  const partial = { machineResourceSelector: { matchLabels: { region: "east" } } };
  await setPolicy(stage, { selection: { mode: "Partial", partial } });
  await untilSaid({ plain: "Bootwarden Enrolled", west: "Nobody NotSelected", ...others });
});

test("those that the Machine Config Operator is enrolled for, if it can", async () => {
  const { api } = stage.lab;
  const selection = { mode: "Partial", partial: { machineResourceSelector: { matchLabels: { region: "west" } } } };
  const machineManagers = [{ resource: "machinesets", apiGroup: "machine.openshift.io", selection }];
  await setPolicy(stage, { selection: { mode: "All", partial: null } });
  // One that cannot tells nothing in its status.
  await api.merge(managersPath.replace(/\/status$/, ""), { spec: { managedBootImages: { machineManagers } } });
  await until({ signal: stage.signal, what: "a word on the enrolment in vain" }, async () =>
    JSON.stringify(await api.get(policyPath)).includes("enrols it too, but the Machine Config Operator of 4.20.14"),
  );
  await untilSaid({ plain: "Bootwarden Enrolled", west: "Bootwarden Enrolled", ...others });
  await api.merge(managersPath, { status: { managedBootImagesStatus: { machineManagers } } });
  const gates = [{ version: "4.20.14", enabled: [{ name: "ManagedBootImagesvSphere" }], disabled: [] }];
  await api.merge(gatesPath, { spec: { featureSet: "TechPreviewNoUpgrade" } });
  await api.merge(`${gatesPath}/status`, { status: { featureGates: gates } });
  await untilSaid({ plain: "Bootwarden Enrolled", west: "MCO ManagedByMCO", ...others });
  const { platform } = Status.parse(await api.get(policyPath)).status;
  const expected = { version: "4.20.14", featureSet: "TechPreviewNoUpgrade", machineConfigOperator: "Able" };
  expect(platform).toMatchObject(expected);
});

test("those that do not say their architecture in a cluster of several", async () => {
  const { api } = stage.lab;
  const annotations = { "capacity.cluster-autoscaler.kubernetes.io/labels": null };
  await api.merge(`${machineApi}/machinesets/plain`, { metadata: { annotations } });
  await untilSaid({ plain: "Bootwarden Enrolled" });
  await api.merge(versionPath, { status: { desired: { architecture: "Multi" } } });
  await untilSaid({ plain: "Nobody ArchitectureUnknown" });
});
