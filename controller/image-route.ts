// The route to an image: the CAs that are trusted on it, and the cluster-wide proxy that it goes through.
import type { Kube } from "./cluster/kube.ts";
import type { Policy } from "./cluster/policy-object.ts";
import { type ClusterProxy, trustedBundle } from "./cluster/proxy-object.ts";
import { readCaBundle } from "./cluster/vcenter-account.ts";
import type { Route } from "./ova/image-request.ts";

/** Without a Proxy object (not every cluster has one) all connections are direct. Throws AccountError, KubeError. */
export async function imageRoute(
  kube: Kube,
  { policy, proxy }: { policy: Policy | undefined; proxy: ClusterProxy | undefined },
): Promise<Route> {
  const bundle = policy?.imageSource.caBundle;
  return {
    ca: bundle === undefined ? undefined : await readCaBundle(kube, bundle),
    additionalCa: proxy?.trustsMore ? await readCaBundle(kube, trustedBundle) : undefined,
    proxy: proxy?.settings,
  };
}
