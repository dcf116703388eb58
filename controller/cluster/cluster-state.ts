// The state of the cluster: everything in it that decisions are made from, watched.
import { namespace } from "../../common/annotations.ts";
import type { Log } from "../../common/log.ts";
import { type Collected, type Collection, collect } from "./collection.ts";
import {
  cloudConfigName,
  readClusterVersion,
  readConfigMap,
  readFeatureGate,
  readInfrastructure,
  readMachineConfiguration,
  readMachineOSConfig,
  readPool,
} from "./config-objects.ts";
import { readControlPlaneMachineSet } from "./control-plane-machine-set.ts";
import type { Kube } from "./kube.ts";
import { readMachine, readMachineSet } from "./machine-objects.ts";
import { readAgentPod, readNode } from "./node-objects.ts";
import { readPolicy } from "./policy-object.ts";
import { readProxy } from "./proxy-object.ts";

export type ClusterState = ReturnType<typeof watchCluster>;

const machineApi = "/apis/machine.openshift.io/v1beta1/namespaces/openshift-machine-api";
const controlPlane = "/apis/machine.openshift.io/v1/namespaces/openshift-machine-api";
const machineConfig = "/apis/machineconfiguration.openshift.io/v1";
const configuration = "/apis/config.openshift.io/v1";

/** What a change touches: the verdicts on nodes, or templates and MachineSets too. */
export type Change = "nodes" | "templates";

/** Singletons of OpenShift are collections of one. */
export function watchCluster(
  kube: Kube,
  { changed, log, signal }: { changed: (what: Change) => void; log: Log; signal: AbortSignal },
) {
  const watchedFor =
    (what: Change) =>
    <T>(path: string, read: Collected<T>["read"], selector = {}): Collection<T> =>
      collect({ kube, path, read, changed: () => changed(what), log, signal, ...selector });
  const watched = watchedFor("templates");
  const watchedForNodes = watchedFor("nodes");
  const collections = {
    policies: watched("/apis/bootwarden.io/v1alpha1/bootimagepolicies", readPolicy),
    nodes: watchedForNodes("/api/v1/nodes", readNode),
    pods: watchedForNodes(`/api/v1/namespaces/${namespace}/pods`, readAgentPod),
    machines: watched(`${machineApi}/machines`, readMachine),
    machineSets: watched(`${machineApi}/machinesets`, readMachineSet),
    pools: watchedForNodes(`${machineConfig}/machineconfigpools`, readPool),
    osConfigs: watchedForNodes(`${machineConfig}/machineosconfigs`, readMachineOSConfig),
    clusterVersions: watched(`${configuration}/clusterversions`, readClusterVersion),
    featureGates: watched(`${configuration}/featuregates`, readFeatureGate),
    infrastructures: watched(`${configuration}/infrastructures`, readInfrastructure),
    proxies: watched(`${configuration}/proxies`, readProxy),
    machineConfigurations: watched("/apis/operator.openshift.io/v1/machineconfigurations", readMachineConfiguration),
    bootImages: watched("/api/v1/namespaces/openshift-machine-config-operator/configmaps", readConfigMap, {
      fieldSelector: "metadata.name=coreos-bootimages",
    }),
    cloudConfigs: watched("/api/v1/namespaces/openshift-config/configmaps", readConfigMap, {
      fieldSelector: `metadata.name=${cloudConfigName}`,
    }),
    /** CA bundles that the policy may name. */
    bundles: watched(`/api/v1/namespaces/${namespace}/configmaps`, readConfigMap),
  };
  // Templates are made and verdicts found without it: a role that does not allow it must not hold them up.
  const controlPlaneMachineSets = watched(`${controlPlane}/controlplanemachinesets`, readControlPlaneMachineSet);
  const all: Collection<unknown>[] = Object.values(collections);
  return {
    ...collections,
    controlPlaneMachineSets,
    /** Whether every list has been read once, but for that of the ControlPlaneMachineSets: nothing is decided before. */
    synced: () => all.every((collection) => collection.synced()),
    run: async () => {
      await Promise.all([...all, controlPlaneMachineSets].map((collection) => collection.run()));
    },
  };
}

/** The one object of a singleton's collection. */
export function only<T>(collection: Collection<T>, name: string): T | undefined {
  return collection.items.get(name);
}
