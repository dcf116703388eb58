// The access to a vCenter: its address, its account and what its certificate is verified by, as the cluster and the policy say.
import { readCloudConfig } from "./cluster/cloud-config.ts";
import { cloudConfigName } from "./cluster/config-objects.ts";
import type { Kube } from "./cluster/kube.ts";
import type { Policy } from "./cluster/policy-object.ts";
import { caBundleIn, readAccount, type SecretName } from "./cluster/vcenter-account.ts";
import type { VSphereProvider } from "./decide/machine-set.ts";
import type { VCenterAccess } from "./vsphere/session.ts";
import type { Trust } from "./vsphere/trust.ts";

interface Items<T> {
  items: ReadonlyMap<string, T>;
}

/** What of the cluster's state names accounts, addresses and certificates. */
export interface AccessState {
  infrastructures: Items<{
    vcenters: readonly { server: string; port?: number | undefined }[];
    cloudConfig: { name: string; key: string };
  }>;
  machineSets: Items<{ provider: Pick<VSphereProvider, "workspace" | "credentialsSecret"> | null }>;
  cloudConfigs: Items<Record<string, string>>;
  bundles: Items<Record<string, string>>;
}

/**
 * Reads the account's Secret, and nothing else, from the API server: it is looked at before each pass, so that a new password is
 * taken up. Throws AccountError, CloudConfigError, KubeError.
 */
export async function accessTo(
  { kube, state }: { kube: Pick<Kube, "get">; state: AccessState },
  server: string,
  policy: Pick<Policy, "vcenters"> | undefined,
): Promise<VCenterAccess> {
  const entry = policy?.vcenters.find((vcenter) => vcenter.server === server);
  const url = `https://${server.includes(":") ? `[${server}]` : server}:${portOf(state, server)}/sdk`;
  const trust = trustIn(state, entry);
  return {
    server,
    url,
    ...(await readAccount(kube, server, entry?.credentialsSecret ?? usualSecret(state, server))),
    ...trust,
  };
}

const machineApi = "openshift-machine-api";
const installed = "vsphere-cloud-credentials";

/** What the MachineSets of the vCenter name; where they differ, the installer's. */
function usualSecret({ machineSets }: Pick<AccessState, "machineSets">, server: string): SecretName {
  const names = new Set<string>();
  for (const { provider } of machineSets.items.values()) {
    if (provider?.workspace?.server === server) names.add(provider.credentialsSecret ?? installed);
  }
  const [name = installed, another] = names;
  return { namespace: machineApi, name: another === undefined ? name : installed };
}

/** Infrastructure/cluster has the last word; it names no port where it was written before it could. */
function portOf(state: AccessState, server: string): number {
  const vcenters = state.infrastructures.items.get("cluster")?.vcenters ?? [];
  const port = vcenters.find((vcenter) => vcenter.server === server)?.port;
  if (port !== undefined) return port;
  const text = cloudConfigIn(state)[keyIn(state)];
  return (text === undefined ? undefined : readCloudConfig(text).portOf(server)) ?? 443;
}

type Entry = Policy["vcenters"][number];

/** The policy's word; where it has none, the CA bundle that stands beside the cloud configuration. */
function trustIn(state: AccessState, entry: Entry | undefined): Trust {
  const { caBundle, thumbprint, insecureSkipVerify } = entry ?? {};
  if (caBundle !== undefined) {
    const data = state.bundles.items.get(`${caBundle.namespace}/${caBundle.name}`);
    return { ca: caBundleIn(data, caBundle), thumbprint, insecureSkipVerify };
  }
  if (thumbprint !== undefined || insecureSkipVerify === true) return { thumbprint, insecureSkipVerify };
  const bundle = cloudConfigIn(state)["ca-bundle.pem"];
  return { ca: bundle?.includes("-----BEGIN CERTIFICATE-----") ? bundle : undefined };
}

/** Empty where Infrastructure/cluster names another ConfigMap than every installer makes: only that is watched. */
function cloudConfigIn({ infrastructures, cloudConfigs }: AccessState): Record<string, string> {
  const named = infrastructures.items.get("cluster")?.cloudConfig.name ?? cloudConfigName;
  return cloudConfigs.items.get(`openshift-config/${named}`) ?? {};
}

function keyIn({ infrastructures }: AccessState): string {
  return infrastructures.items.get("cluster")?.cloudConfig.key ?? "config";
}
