// The verdict on a Node: the labels and annotations that carry it.
import { nodeAnnotations, nodeLabels } from "../../common/annotations.ts";
import type { Verdict } from "../decide/verdict.ts";
import type { Kube } from "./kube.ts";
import type { NodeObject } from "./node-objects.ts";

/** The keys that differ from what stands on the Node; null takes a key away. Undefined: nothing differs. */
export function verdictPatch(node: Pick<NodeObject, "written">, verdict: Verdict): VerdictPatch | undefined {
  const labels = differing(node.written, {
    [nodeLabels.verdict]: verdict.verdict,
    [nodeLabels.osDigest]: verdict.osDigest,
  });
  const annotations = differing(node.written, {
    [nodeAnnotations.verdictReason]: verdict.reason,
    [nodeAnnotations.verdictMessage]: verdict.message,
    [nodeAnnotations.bootImageCheck]: verdict.bootImageCheck,
  });
  if (Object.keys(labels).length + Object.keys(annotations).length === 0) return undefined;
  return { metadata: { labels, annotations } };
}

export interface VerdictPatch {
  metadata: { labels: Record<string, string | null>; annotations: Record<string, string | null> };
}

/** Writes a patch; resolves with the Node as it is then. Throws KubeError, also where another Node has the name by now. */
export async function writeVerdict(
  kube: Pick<Kube, "patch">,
  { name, uid }: Pick<NodeObject, "name" | "uid">,
  { metadata }: VerdictPatch,
): Promise<unknown> {
  return await kube.patch(`/api/v1/nodes/${name}`, "merge-patch", { metadata: { ...metadata, uid } });
}

function differing(written: Record<string, string>, wanted: Record<string, string | null>) {
  return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => (written[key] ?? null) !== value));
}
