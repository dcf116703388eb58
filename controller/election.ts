// The election of the leader: this process as one of those that may be chosen.
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { KubeConfig } from "@kubernetes/client-node";
import { controllerName } from "../common/annotations.ts";
import { createKube } from "./cluster/kube.ts";
import { createLeaseStore } from "./cluster/lease.ts";
import { createLeader, type Leader, type LeaderParts } from "./leader.ts";

export interface ElectionParts extends Pick<LeaderParts, "times" | "log" | "leads" | "stop" | "exit"> {
  config: KubeConfig;
}

/** Milliseconds: over a line that is dead another try is soon worth more than patience. */
const patience = 10_000;

/** Its requests go over connections of their own, and go on until the lease is given back. */
export function createElection({ config, ...parts }: ElectionParts): Leader {
  const { retry, duration } = parts.times;
  const end = new AbortController();
  const kube = createKube(config, controllerName, { signal: end.signal, timeout: Math.min(patience, retry) });
  // Of the pod, for people; and of this process alone.
  const identity = `${hostname()}_${randomUUID()}`;
  return createLeader({ ...parts, store: createLeaseStore(kube, duration), identity, end });
}
