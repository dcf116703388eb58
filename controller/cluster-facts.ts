// The facts of the cluster: what its objects say of the release, of who manages boot images, and of the images themselves.
import { type ClusterState, only } from "./cluster/cluster-state.ts";
import { bootImages } from "./decide/boot-image.ts";
import { clusterObjectsRefusal } from "./decide/cluster-objects.ts";
import { clusterState, isMultiArch, newestVersion } from "./decide/cluster-version.ts";
import { hasOpinion, managersInForce } from "./decide/enrolment.ts";
import { imagesFrom } from "./decide/image-source.ts";

export type ClusterFacts = ReturnType<typeof clusterFacts>;

/** As they are watched: asks nobody. */
export function clusterFacts(state: ClusterState) {
  const policy = only(state.policies, "cluster");
  const clusterVersion = only(state.clusterVersions, "version") ?? null;
  const settled = clusterState(clusterVersion);
  const newest = newestVersion(clusterVersion);
  const features = only(state.featureGates, "cluster");
  // At the beginning of an upgrade the gates of the coming version are not told yet: those of the present one hold.
  const versions = [newest, ...(clusterVersion?.history ?? []).map(({ version }) => version)];
  const gates = versions.flatMap((one) => features?.versions.find(({ version }) => version === one) ?? [])[0];
  const platformFacts = {
    clusterVersion: newest,
    featureSet: features?.featureSet ?? "",
    featureGates: gates ?? { enabled: [], disabled: [] },
  };
  const managedBootImages = only(state.machineConfigurations, "cluster") ?? { spec: undefined, status: undefined };
  const infrastructure = only(state.infrastructures, "cluster");
  const data = only(state.bootImages, "openshift-machine-config-operator/coreos-bootimages") ?? null;
  const imageOf = imagesFrom(policy?.imageSource ?? {}, { released: bootImages(data), version: newest ?? "" });
  const infrastructureName = infrastructure?.name ?? null;
  const unready = clusterObjectsRefusal({ unreadable: unreadableIn(state), infrastructureName });
  const refusal = unready ?? (settled.ok ? undefined : settled);
  return {
    policy,
    proxy: only(state.proxies, "cluster"),
    /** What a MachineSet is to have, be the cluster at rest or not. */
    imageOf,
    /** Why nothing may be moved at present. */
    refusal,
    target: refusal ?? imageOf({ stream: null, architecture: "x86_64" }),
    multiArch: isMultiArch(clusterVersion),
    ...platformFacts,
    machineManagers: managersInForce(managedBootImages, platformFacts),
    managersSaid: hasOpinion(managedBootImages),
    infrastructureName: infrastructureName ?? "",
    failureDomains: infrastructure?.failureDomains ?? [],
  };
}

function unreadableIn(state: ClusterState): Map<string, string> {
  const kinds = {
    ClusterVersion: state.clusterVersions,
    FeatureGate: state.featureGates,
    Infrastructure: state.infrastructures,
    MachineConfiguration: state.machineConfigurations,
    BootImagePolicy: state.policies,
    ConfigMap: state.bootImages,
    Proxy: state.proxies,
    // A Machine that cannot be read might be the VM that is taken for a template.
    Machine: state.machines,
  };
  return new Map(
    Object.entries(kinds).flatMap(([kind, { unreadable }]) =>
      [...unreadable].map(([name, message]): [string, string] => [`${kind}/${name}`, message]),
    ),
  );
}
