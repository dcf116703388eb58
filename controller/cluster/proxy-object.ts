// The cluster-wide proxy of OpenShift, reduced to what a download needs of it.
import { z } from "zod";

const ProxyObject = z.object({
  spec: z.object({ trustedCA: z.object({ name: z.string().default("") }).nullish() }).default({}),
  // What operators go by: empty until the network operator has found the spec to be good.
  status: z
    .object({ httpProxy: z.string().nullish(), httpsProxy: z.string().nullish(), noProxy: z.string().nullish() })
    .default({}),
});

export type ClusterProxy = ReturnType<typeof readProxy>;

/** `proxies.config.openshift.io`; the two proxies may hold a password. */
export function readProxy(object: unknown) {
  const { spec, status } = ProxyObject.parse(object);
  const { httpProxy, httpsProxy, noProxy } = status;
  return {
    settings: { httpProxy: httpProxy ?? "", httpsProxy: httpsProxy ?? "", noProxy: noProxy ?? "" },
    /** Whether CAs were added to those that the cluster trusts. */
    trustsMore: Boolean(spec.trustedCA?.name),
  };
}

/**
 * Where the network operator keeps the CAs of `spec.trustedCA`, together with the system's. The user's own ConfigMap may have any name, so
 * that reading it would take the right to read all of openshift-config.
 */
export const trustedBundle = {
  namespace: "openshift-config-managed",
  name: "trusted-ca-bundle",
  key: "ca-bundle.crt",
};
