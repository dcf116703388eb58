// The reading of a chain: every object between the release and the verdict, each as far as the user may see it.
import { z } from "zod";
import type { ClusterVersionFacts } from "../../controller/decide/cluster-version.ts";
import { machineConfigAnnotations } from "../../controller/decide/machine-config.ts";
import type { Pool } from "../../controller/decide/pool.ts";
import type { Api } from "../kube/api.ts";
import { resources } from "../kube/resource.ts";
import { type Lack, orLack } from "../lack.ts";
import { type MachineSetFacts, readMachineSet, readMachines } from "../read-machines.ts";
import { readNodes } from "../read-nodes.ts";
import { readPolicy } from "../read-policy.ts";
import type { ClusterFacts, MachineSetChainFacts, NodeChainFacts } from "./facts.ts";
import type { FoundNode } from "./find-subjects.ts";

export async function readNodeChain(
  api: Api,
  { node, machine }: Pick<FoundNode, "node" | "machine">,
  lacks: Lack[],
): Promise<NodeChainFacts> {
  const set = machine?.machineSet ?? null;
  const { currentConfig } = machineConfigAnnotations(node?.annotations ?? {});
  const [cluster, machineSet, pools, machineOSConfigs, osImageURL] = await Promise.all([
    readCluster(api, lacks),
    set === null
      ? machine === null
        ? null
        : undefined
      : orLack(lacks, `MachineSet ${set}`, async () => (await readMachineSet(api, set)) ?? undefined),
    orLack(lacks, "What the pools ask for", () => readPools(api)),
    orLack(lacks, "The layered images of the pools", () => readMachineOSConfigs(api)),
    currentConfig === ""
      ? undefined
      : orLack(lacks, `MachineConfig ${currentConfig}`, () => readOSImage(api, currentConfig)),
  ]);
  return { ...cluster, node, machine, machineSet, pools, machineOSConfigs, osImageURL };
}

export async function readMachineSetChain(
  api: Api,
  machineSet: MachineSetFacts,
  lacks: Lack[],
): Promise<MachineSetChainFacts> {
  const { name } = machineSet;
  const [cluster, machines, nodes] = await Promise.all([
    readCluster(api, lacks),
    orLack(lacks, `The Machines of ${name}`, () => readMachines(api)),
    orLack(lacks, "The verdicts on its nodes", () => readNodes(api)),
  ]);
  const own = machines === null ? null : machines.filter((one) => one.machineSet === name);
  const verdicts = nodes === null ? null : new Map(nodes.map((one) => [one.name, one.verdict]));
  return { ...cluster, machineSet, machines: own, verdicts };
}

export async function readCluster(api: Api, lacks: Lack[]): Promise<ClusterFacts> {
  const [clusterVersion, bootImages, policy] = await Promise.all([
    orLack(lacks, "The cluster's version", () => readClusterVersion(api)),
    orLack(lacks, "The release's boot image", () => readBootImages(api)),
    orLack(lacks, "The policy", async () => (await readPolicy(api)) ?? undefined),
  ]);
  return { clusterVersion, bootImages, policy };
}

const Version = z.object({
  status: z.object({
    desired: z.object({ version: z.string(), architecture: z.string().optional() }).optional(),
    history: z.array(z.object({ state: z.string(), version: z.string() })).nullish(),
  }),
});

async function readClusterVersion(api: Api): Promise<ClusterVersionFacts | undefined> {
  const object = await api.get(resources.clusterVersions, "version");
  if (object === undefined) return undefined;
  const { desired, history } = Version.parse(object).status;
  return { history: history ?? [], desiredVersion: desired?.version ?? null, architecture: desired?.architecture };
}

const ConfigMap = z.object({ data: z.record(z.string(), z.string()).default({}) });

async function readBootImages(api: Api): Promise<Record<string, string> | undefined> {
  const object = await api.get(resources.bootImages, "coreos-bootimages");
  return object === undefined ? undefined : ConfigMap.parse(object).data;
}

const LabelSelector = z.object({
  matchLabels: z.record(z.string(), z.string()).optional(),
  matchExpressions: z
    .array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).optional() }))
    .optional(),
});
const PoolObject = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    nodeSelector: LabelSelector.nullish(),
    paused: z.boolean().default(false),
    configuration: z.object({ name: z.string().optional() }).nullish(),
  }),
});

async function readPools(api: Api): Promise<Pool[]> {
  return ((await api.list(resources.pools)) ?? []).map((object) => {
    const { metadata, spec } = PoolObject.parse(object);
    return {
      name: metadata.name,
      nodeSelector: spec.nodeSelector ?? null,
      configuration: spec.configuration?.name ?? null,
      paused: spec.paused,
    };
  });
}

const OSConfig = z.object({
  spec: z.object({ machineConfigPool: z.object({ name: z.string() }) }),
  status: z.object({ currentImagePullSpec: z.string().nullish() }).default({}),
});

/** Of an OpenShift that knows no layering there are none. */
async function readMachineOSConfigs(api: Api) {
  return ((await api.list(resources.machineOSConfigs)) ?? []).map((object) => {
    const { spec, status } = OSConfig.parse(object);
    return { pool: spec.machineConfigPool.name, image: status.currentImagePullSpec ?? null };
  });
}

const MachineConfig = z.object({ spec: z.object({ osImageURL: z.string().default("") }) });

async function readOSImage(api: Api, name: string): Promise<string | undefined> {
  const object = await api.get(resources.machineConfigs, name);
  return object === undefined ? undefined : MachineConfig.parse(object).spec.osImageURL;
}
