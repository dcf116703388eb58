// The Nodes as the CLI lists them: what agent and controller have written on each.
import { z } from "zod";
import { agentAnnotations, nodeAnnotations, nodeLabels } from "../common/annotations.ts";
import type { Api } from "./kube/api.ts";
import { resources } from "./kube/resource.ts";

const map = z.record(z.string(), z.string()).catch({}).default({});
const Node = z.object({
  metadata: z.object({
    name: z.string(),
    creationTimestamp: z.string().optional().catch(undefined),
    labels: map,
    annotations: map,
  }),
});

/** Strings are null where nothing is said. */
export interface NodeRow {
  name: string;
  /** The label's value; null: the Node is not judged. */
  verdict: string | null;
  reason: string | null;
  message: string | null;
  bootImageCheck: string | null;
  /** The first 16 hex digits of the booted digest, as the controller read it. */
  osDigest: string | null;
  bootedDigest: string | null;
  bootedImage: string | null;
  bootedVersion: string | null;
  /** The release that the disk was flashed with. */
  bootImage: string | null;
  stagedDigest: string | null;
  /** RFC 3339. */
  createdAt: string | null;
}

/** Only the metadata is asked for: that is a fraction of a Node, of which a cluster may have thousands. Throws RightMissing and ApiError. */
export async function readNodes(api: Api, labelSelector?: string): Promise<NodeRow[]> {
  const query = labelSelector === undefined ? {} : { labelSelector };
  const objects = (await api.list(resources.nodes, { ...query, metadata: true })) ?? [];
  return objects.map(nodeRow);
}

export function nodeRow(object: unknown): NodeRow {
  const { name, creationTimestamp, labels, annotations } = Node.parse(object).metadata;
  return {
    name,
    verdict: labels[nodeLabels.verdict] ?? null,
    reason: annotations[nodeAnnotations.verdictReason] ?? null,
    message: annotations[nodeAnnotations.verdictMessage] ?? null,
    bootImageCheck: annotations[nodeAnnotations.bootImageCheck] ?? null,
    osDigest: labels[nodeLabels.osDigest] ?? null,
    bootedDigest: annotations[agentAnnotations.bootedDigest] ?? null,
    bootedImage: annotations[agentAnnotations.bootedImage] ?? null,
    bootedVersion: annotations[agentAnnotations.bootedVersion] ?? null,
    bootImage: annotations[agentAnnotations.bootImage] ?? null,
    stagedDigest: annotations[agentAnnotations.stagedDigest] ?? null,
    createdAt: creationTimestamp ?? null,
  };
}
