// The network of a world: the addresses of the cluster, its nodes and their pods. No packet of it leaves the world.

/** The bridge that nodes are plugged into. */
export const bridge = "lab0";

/** Where the API server listens and everything else of the lab: the cluster IP of Service `kubernetes`, so that pods need no proxy to reach it. */
export const clusterAddress = "10.0.0.1";

export const serviceSubnet = "10.0.0.0/24";

/** The world's own address among the nodes. */
export const gateway = "10.23.0.1";

/** `number`: of the node, from 1. */
export function nodeAddress(number: number): string {
  return `10.23.0.${10 + number}`;
}

/** Of the pods of a node. */
export function podSubnet(number: number): string {
  return `10.24.${number}.0/24`;
}
