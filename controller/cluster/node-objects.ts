// Nodes and the agents' pods, reduced to what decisions are made from.
import { z } from "zod";
import { agentAnnotations, nodeAnnotations, nodeLabels } from "../../common/annotations.ts";
import { machineConfigKeys } from "../decide/machine-config.ts";
import type { NodeFacts } from "../decide/verdict.ts";
import { Metadata, Time } from "./metadata.ts";

const NodeObject = z.object({
  metadata: Metadata,
  status: z
    .object({
      nodeInfo: z.object({ bootID: z.string(), osImage: z.string(), operatingSystem: z.string() }).optional(),
    })
    .default({}),
});

/** Only these of a Node's annotations are judged by, and kept: there are thousands of Nodes, and others' can be large. */
const judgedBy = [agentAnnotations.report, ...machineConfigKeys];

export interface NodeObject extends NodeFacts {
  uid: string;
  /** RFC 3339. */
  createdAt: string;
  /** What the controller has written so far. */
  written: Record<string, string>;
}

export function readNode(object: unknown): NodeObject {
  const { metadata, status } = NodeObject.parse(object);
  return {
    name: metadata.name,
    uid: metadata.uid,
    createdAt: metadata.creationTimestamp,
    labels: metadata.labels,
    annotations: only(metadata.annotations, judgedBy),
    bootID: status.nodeInfo?.bootID ?? "",
    osImage: status.nodeInfo?.osImage ?? "",
    operatingSystem: status.nodeInfo?.operatingSystem ?? "",
    written: {
      ...only(metadata.labels, Object.values(nodeLabels)),
      ...only(metadata.annotations, Object.values(nodeAnnotations)),
    },
  };
}

/** A label that has the key of an annotation is somebody else's mistake, and the other way round. */
function only(map: Record<string, string>, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(keys.flatMap((key) => (map[key] === undefined ? [] : [[key, map[key]]])));
}

const PodObject = z.object({
  metadata: Metadata,
  spec: z.object({ nodeName: z.string().optional() }),
  status: z
    .object({
      conditions: z
        .array(z.object({ type: z.string(), status: z.string(), lastTransitionTime: Time.nullish() }))
        .default([]),
    })
    .default({ conditions: [] }),
});

export interface AgentPod {
  node: string | undefined;
  ready: boolean;
  /** Milliseconds: since when it is ready or not. */
  since: number;
}

export function readAgentPod(object: unknown): AgentPod {
  const { metadata, spec, status } = PodObject.parse(object);
  const ready = status.conditions.find(({ type }) => type === "Ready");
  return {
    node: spec.nodeName,
    ready: ready?.status === "True",
    since: Date.parse(ready?.lastTransitionTime ?? metadata.creationTimestamp),
  };
}
