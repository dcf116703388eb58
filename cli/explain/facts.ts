// The facts of an explanation: every object between the release and the verdict on a node, as far as it could be read.
import type { ClusterVersionFacts } from "../../controller/decide/cluster-version.ts";
import type { Pool } from "../../controller/decide/pool.ts";
import type { NodeFacts } from "../../controller/decide/verdict.ts";
import type { MachineFacts, MachineSetFacts } from "../read-machines.ts";
import type { PolicyFacts } from "../read-policy.ts";
import type { Seen } from "./link.ts";

/** Of the cluster. */
export interface ClusterFacts {
  clusterVersion: Seen<ClusterVersionFacts>;
  /** `data` of ConfigMap coreos-bootimages. */
  bootImages: Seen<Record<string, string>>;
  policy: Seen<PolicyFacts>;
}

/** Of a Node and its Machine. */
export interface NodeChainFacts extends ClusterFacts {
  /** undefined: the Machine has no Node yet. */
  node: Seen<NodeFacts>;
  machine: Seen<MachineFacts>;
  machineSet: Seen<MachineSetFacts>;
  pools: Seen<Pool[]>;
  machineOSConfigs: Seen<{ pool: string; image: string | null }[]>;
  /** `osImageURL` of the rendered MachineConfig in the Node's currentConfig. */
  osImageURL: Seen<string>;
}

/** Of a MachineSet. */
export interface MachineSetChainFacts extends ClusterFacts {
  machineSet: MachineSetFacts;
  /** Its own. */
  machines: Seen<MachineFacts[]>;
  /** The label of each of its Nodes; null where a Node is not judged. */
  verdicts: Seen<ReadonlyMap<string, string | null>>;
}
