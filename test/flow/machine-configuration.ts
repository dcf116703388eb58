// MachineConfiguration, as an admin edits it word by word as OpenShift's documentation says.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { z } from "zod";
import { kubectl, type Stage } from "../demo/stage.ts";
import { inheritedEnvironment } from "../lab/settings.ts";

const object = "machineconfiguration/cluster";
const path = "/apis/operator.openshift.io/v1/machineconfigurations/cluster";
const Edited = z.looseObject({
  metadata: z.looseObject({ generation: z.number() }),
  spec: z.looseObject({ managedBootImages: z.unknown() }),
});

export type Enrolment = { mode: "All" | "None" } | { mode: "Partial"; matchLabels: Record<string, string> };

/**
 * `kubectl edit`, with an editor that writes what the documentation shows; then the operator's part. There is no Machine Config
 * Operator in the lab: what its operator does, namely to mirror the spec into `status.managedBootImagesStatus`, is done here.
 */
export async function editMachineConfiguration(stage: Stage, enrolment: Enrolment): Promise<void> {
  const { lab, signal } = stage;
  const before = Edited.parse(JSON.parse(await kubectl(stage, "get", object, "-o", "json")));
  const spec = { ...before.spec, managedBootImages: { machineManagers: [managerOf(enrolment)] } };
  const text = join(lab.ground.directory, "machine-configuration.yaml");
  await writeFile(text, stringify({ ...before, spec }));
  await execa("kubectl", ["--kubeconfig", lab.controlPlane.kubeconfig, "edit", object], {
    env: { ...inheritedEnvironment(), KUBE_EDITOR: `cp ${text}` },
    extendEnv: false,
    cancelSignal: signal,
    timeout: 30_000,
  });
  await mirror(stage);
}

function managerOf(enrolment: Enrolment) {
  const selection =
    enrolment.mode === "Partial"
      ? { mode: "Partial", partial: { machineResourceSelector: { matchLabels: enrolment.matchLabels } } }
      : enrolment;
  return { apiGroup: "machine.openshift.io", resource: "machinesets", selection };
}

const FeatureGate = z.object({
  status: z.object({
    featureGates: z.array(z.object({ enabled: z.array(z.object({ name: z.string() })).default([]) })),
  }),
});

const ClusterVersion = z.object({ status: z.object({ desired: z.object({ version: z.string() }) }) });

/**
 * As `syncManagedBootImagesStatus` of the Machine Config Operator: the manager for MachineSets of the spec, as it is. An operator that
 * cannot manage vSphere boot images (4.20 without the feature gate) tells nothing.
 */
export async function mirror({ lab }: Pick<Stage, "lab">): Promise<void> {
  const { status: gates } = FeatureGate.parse(await lab.api.get("/apis/config.openshift.io/v1/featuregates/cluster"));
  const enabled = gates.featureGates.flatMap((one) => one.enabled.map(({ name }) => name));
  const { desired } = ClusterVersion.parse(
    await lab.api.get("/apis/config.openshift.io/v1/clusterversions/version"),
  ).status;
  if (!enabled.includes("ManagedBootImagesvSphere") && /^4\.(1\d|20)\./.test(desired.version)) return;
  const { metadata, spec } = Edited.parse(await lab.api.get(path));
  const status = { observedGeneration: metadata.generation, managedBootImagesStatus: spec.managedBootImages };
  await lab.api.merge(`${path}/status`, { status });
}
