// OpenShift's configuration objects, reduced to what decisions are made from.
import { z } from "zod";
import type { ManagedBootImages } from "../decide/enrolment.ts";
import type { FailureDomain } from "../decide/place.ts";
import { LabelSelector, Metadata } from "./metadata.ts";

const ClusterVersionObject = z.object({
  status: z
    .object({
      desired: z.object({ version: z.string(), architecture: z.string().optional() }).optional(),
      history: z.array(z.object({ state: z.string(), version: z.string() })).nullish(),
    })
    .default({}),
});

export function readClusterVersion(object: unknown) {
  const { desired, history } = ClusterVersionObject.parse(object).status;
  return { history: history ?? [], desiredVersion: desired?.version ?? null, architecture: desired?.architecture };
}

const Gates = z.array(z.object({ name: z.string() })).nullish();
const FeatureGateObject = z.object({
  spec: z.object({ featureSet: z.string().nullish() }).default({}),
  status: z
    .object({ featureGates: z.array(z.object({ version: z.string(), enabled: Gates, disabled: Gates })).nullish() })
    .default({}),
});

/** The feature set ("" is the default), and the gates of every version that the object lists. */
export function readFeatureGate(object: unknown) {
  const { spec, status } = FeatureGateObject.parse(object);
  const names = (gates: z.infer<typeof Gates>) => (gates ?? []).map(({ name }) => name);
  const versions = (status.featureGates ?? []).map(({ version, enabled, disabled }) => ({
    version,
    enabled: names(enabled),
    disabled: names(disabled),
  }));
  return { featureSet: spec.featureSet ?? "", versions };
}

/** The ConfigMap in openshift-config with the cloud configuration, as every installer names it. */
export const cloudConfigName = "cloud-provider-config";

const InfrastructureObject = z.object({
  spec: z.object({
    cloudConfig: z.object({ name: z.string().optional(), key: z.string().optional() }).nullish(),
    platformSpec: z
      .object({
        vsphere: z
          .object({
            vcenters: z.array(z.object({ server: z.string(), port: z.number().optional() })).nullish(),
            failureDomains: z
              .array(
                z.object({
                  name: z.string(),
                  server: z.string(),
                  topology: z.object({
                    datacenter: z.string(),
                    computeCluster: z.string(),
                    datastore: z.string(),
                    resourcePool: z.string().optional(),
                    folder: z.string().optional(),
                    template: z.string().optional(),
                  }),
                  zoneAffinity: z
                    .object({ hostGroup: z.object({ vmGroup: z.string().optional() }).nullish() })
                    .nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
      })
      .nullish(),
  }),
  status: z.object({ infrastructureName: z.string().min(1) }),
});

export function readInfrastructure(object: unknown) {
  const { spec, status } = InfrastructureObject.parse(object);
  const vsphere = spec.platformSpec?.vsphere;
  const failureDomains = (vsphere?.failureDomains ?? []).map(
    ({ name, server, topology, zoneAffinity }): FailureDomain & { template?: string | undefined } => ({
      name,
      server,
      ...topology,
      // What the installer and the control plane machine set operator take where it names none.
      folder: topology.folder || `/${topology.datacenter}/vm/${status.infrastructureName}`,
      vmGroup: zoneAffinity?.hostGroup?.vmGroup,
    }),
  );
  const { name, key } = spec.cloudConfig ?? {};
  return {
    name: status.infrastructureName,
    vcenters: vsphere?.vcenters ?? [],
    failureDomains,
    /** Of a ConfigMap in openshift-config. */
    cloudConfig: { name: name || cloudConfigName, key: key || "config" },
  };
}

const Managers = z.array(
  z.object({
    resource: z.string(),
    apiGroup: z.string(),
    selection: z.object({
      mode: z.string(),
      partial: z.object({ machineResourceSelector: LabelSelector.optional() }).optional(),
    }),
  }),
);
const MachineConfigurationObject = z.object({
  spec: z.object({ managedBootImages: z.object({ machineManagers: Managers.optional() }).optional() }).default({}),
  status: z
    .object({ managedBootImagesStatus: z.object({ machineManagers: Managers.optional() }).optional() })
    .default({}),
});

/** What it says of boot images. */
export function readMachineConfiguration(object: unknown): ManagedBootImages {
  const { spec, status } = MachineConfigurationObject.parse(object);
  return {
    spec: spec.managedBootImages?.machineManagers,
    status: status.managedBootImagesStatus?.machineManagers,
  };
}

const PoolObject = z.object({
  metadata: Metadata,
  spec: z.object({
    nodeSelector: LabelSelector.nullish(),
    paused: z.boolean().default(false),
    configuration: z.object({ name: z.string().optional() }).nullish(),
  }),
});

export function readPool(object: unknown) {
  const { metadata, spec } = PoolObject.parse(object);
  return {
    name: metadata.name,
    nodeSelector: spec.nodeSelector ?? null,
    configuration: spec.configuration?.name ?? null,
    paused: spec.paused,
  };
}

const OSConfigObject = z.object({
  spec: z.object({ machineConfigPool: z.object({ name: z.string() }) }),
  status: z.object({ currentImagePullSpec: z.string().nullish() }).default({}),
});

export function readMachineOSConfig(object: unknown) {
  const { spec, status } = OSConfigObject.parse(object);
  return { pool: spec.machineConfigPool.name, image: status.currentImagePullSpec ?? null };
}

const ConfigMapObject = z.object({ data: z.record(z.string(), z.string()).default({}) });

export function readConfigMap(object: unknown): Record<string, string> {
  return ConfigMapObject.parse(object).data;
}
