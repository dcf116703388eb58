// A Node in full, as verdicts are made from it.
import { z } from "zod";
import type { NodeFacts } from "../../controller/decide/verdict.ts";
import type { Api } from "../kube/api.ts";
import { resources } from "../kube/resource.ts";

const map = z.record(z.string(), z.string()).catch({}).default({});
const text = z.string().catch("").default("");
const Node = z.object({
  metadata: z.object({ name: z.string(), labels: map, annotations: map }),
  status: z
    .object({ nodeInfo: z.object({ bootID: text, osImage: text, operatingSystem: text }).optional() })
    .catch({ nodeInfo: undefined })
    .default({ nodeInfo: undefined }),
});

/** undefined: there is none. Throws RightMissing and ApiError. */
export async function readNode(api: Api, name: string): Promise<NodeFacts | undefined> {
  const object = await api.get(resources.nodes, name);
  return object === undefined ? undefined : nodeFacts(object);
}

export function nodeFacts(object: unknown): NodeFacts {
  const { metadata, status } = Node.parse(object);
  const { bootID, osImage, operatingSystem } = status.nodeInfo ?? { bootID: "", osImage: "", operatingSystem: "" };
  return { ...metadata, bootID, osImage, operatingSystem };
}
