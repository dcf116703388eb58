// The state of the cluster: everything in it that decisions are made from, watched.
import { isDeepStrictEqual } from "node:util";
import { agentName, namespace } from "../../common/annotations.ts";
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
import { type MachineObject, readMachine, readMachineSet } from "./machine-objects.ts";
import { createNodeIndex } from "./node-index.ts";
import { type AgentPod, readAgentPod, readNode } from "./node-objects.ts";
import { type Policy, readPolicy } from "./policy-object.ts";
import { readProxy } from "./proxy-object.ts";
import type { Change } from "./records.ts";

export type ClusterState = ReturnType<typeof watchCluster>;

const machineApi = "/apis/machine.openshift.io/v1beta1/namespaces/openshift-machine-api";
const controlPlane = "/apis/machine.openshift.io/v1/namespaces/openshift-machine-api";
const machineConfig = "/apis/machineconfiguration.openshift.io/v1";
const configuration = "/apis/config.openshift.io/v1";

export interface ClusterListener {
  /** Something changed that templates and MachineSets depend on. */
  templates: () => void;
  /** Something changed that the verdicts on these Nodes depend on; "all": on every Node. */
  nodes: (names: readonly string[] | "all") => void;
  /** Something changed that is only told of: the policy's status. */
  account: () => void;
}

interface StateParts extends ClusterListener {
  log: Log;
  signal: AbortSignal;
}

/** Singletons of OpenShift are collections of one. */
export function watchCluster(kube: Kube, parts: StateParts) {
  const watch: Watch = (path, { read, changed, ...selector }) =>
    collect({ kube, path, read, changed, log: parts.log, signal: parts.signal, ...selector });
  const { podsOf, machinesOf, ...nodeInputs } = watchNodeInputs(watch, parts);
  const collections = { ...nodeInputs, ...watchTemplateInputs(watch, parts) };
  // Templates are made and verdicts found without it: a role that does not allow it must not hold them up.
  const controlPlaneMachineSets = watch(`${controlPlane}/controlplanemachinesets`, {
    read: readControlPlaneMachineSet,
    changed: parts.templates,
  });
  const all: Collection<unknown>[] = Object.values(collections);
  return {
    ...collections,
    podsOf,
    machinesOf,
    controlPlaneMachineSets,
    /** Whether every list has been read once, but for that of the ControlPlaneMachineSets: nothing is decided before. */
    synced: () => all.every((collection) => collection.synced()),
    run: async () => {
      await Promise.all([...all, controlPlaneMachineSets].map((collection) => collection.run()));
    },
  };
}

type Watch = <T>(
  path: string,
  how: Pick<Collected<T>, "read" | "changed"> & Partial<Pick<Collected<T>, "selector">>,
) => Collection<T>;

function watchNodeInputs(watch: Watch, { nodes, templates }: ClusterListener) {
  const machines = createNodeIndex<MachineObject>();
  const pods = createNodeIndex<AgentPod>();
  const changed = () => nodes("all");
  return {
    nodes: watch("/api/v1/nodes", {
      read: readNode,
      changed: (change) => nodes(change === undefined ? [] : [(change.after ?? change.before)?.name ?? ""]),
    }),
    machines: watch(`${machineApi}/machines`, {
      read: readMachine,
      changed: (change) => {
        templates();
        nodes(change === undefined ? [] : machines.take(change));
      },
    }),
    pods: watch(`/api/v1/namespaces/${namespace}/pods`, {
      selector: { labelSelector: `app.kubernetes.io/name=${agentName}` },
      read: readAgentPod,
      changed: (change) => nodes(change === undefined ? [] : pods.take(change)),
    }),
    pools: watch(`${machineConfig}/machineconfigpools`, { read: readPool, changed }),
    osConfigs: watch(`${machineConfig}/machineosconfigs`, { read: readMachineOSConfig, changed }),
    /** The Machines that name the Node, and the agent's pods on it. */
    machinesOf: machines.of,
    podsOf: pods.of,
  };
}

function watchTemplateInputs(watch: Watch, { templates: changed, account }: ClusterListener) {
  const configMaps = (of: string, name?: string) =>
    watch(`/api/v1/namespaces/${of}/configmaps`, {
      read: readConfigMap,
      changed,
      ...(name === undefined ? {} : { selector: { fieldSelector: `metadata.name=${name}` } }),
    });
  return {
    policies: watch("/apis/bootwarden.io/v1alpha1/bootimagepolicies", {
      read: readPolicy,
      // Each status is written by ourselves, of what is known already.
      changed: (change) => (change !== undefined && isOfStatus(change) ? account() : changed()),
    }),
    machineSets: watch(`${machineApi}/machinesets`, { read: readMachineSet, changed }),
    clusterVersions: watch(`${configuration}/clusterversions`, { read: readClusterVersion, changed }),
    featureGates: watch(`${configuration}/featuregates`, { read: readFeatureGate, changed }),
    infrastructures: watch(`${configuration}/infrastructures`, { read: readInfrastructure, changed }),
    proxies: watch(`${configuration}/proxies`, { read: readProxy, changed }),
    machineConfigurations: watch("/apis/operator.openshift.io/v1/machineconfigurations", {
      read: readMachineConfiguration,
      changed,
    }),
    bootImages: configMaps("openshift-machine-config-operator", "coreos-bootimages"),
    cloudConfigs: configMaps("openshift-config", cloudConfigName),
    /** CA bundles that the policy may name. */
    bundles: configMaps(namespace),
  };
}

function isOfStatus({ before, after }: Change<Policy>): boolean {
  if (before === undefined || after === undefined) return false;
  return isDeepStrictEqual({ ...before, status: null }, { ...after, status: null });
}

/** The one object of a singleton's collection. */
export function only<T>(collection: Collection<T>, name: string): T | undefined {
  return collection.items.get(name);
}
