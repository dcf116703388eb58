// The first links: from the cluster's version to the boot image that the policy has as its target.
import { bootImages } from "../../controller/decide/boot-image.ts";
import { clusterState } from "../../controller/decide/cluster-version.ts";
import type { PolicyFacts } from "../read-policy.ts";
import { remedy } from "../remedy.ts";
import type { ClusterFacts } from "./facts.ts";
import { type Link, type Seen, unseen } from "./link.ts";

const object = "BootImagePolicy cluster";

export function releaseLinks(facts: ClusterFacts): Link[] {
  const release = facts.policy?.ownRelease ?? null;
  return [version(facts), release === null ? configMap(facts) : ownImage(release), target(facts.policy)];
}

/** Where the policy names an image and its release, the cluster's ConfigMap is not asked. */
function ownImage(release: string): Link {
  const says = `The boot image is ${release}, whatever the cluster's release has.`;
  return { object, source: "spec.imageSource", standing: "Holds", says };
}

function version({ clusterVersion }: ClusterFacts): Link {
  const object = "ClusterVersion version";
  if (clusterVersion === null) return unseen(object);
  const state = clusterState(clusterVersion ?? null);
  if (!state.ok) return { object, standing: "Waits", says: state.message, todo: remedy(state.reason) };
  return { object, standing: "Holds", says: `OpenShift ${state.value.version}, installed or upgraded to the end.` };
}

function configMap({ bootImages: data }: ClusterFacts): Link {
  const object = "ConfigMap openshift-machine-config-operator/coreos-bootimages";
  if (data === null) return unseen(object);
  const image = bootImages(data ?? null)({ stream: null, architecture: "x86_64" });
  if (!image.ok) return { object, standing: "Broken", says: image.message, todo: remedy(image.reason) };
  const { release, version: of } = image.value;
  return { object, standing: "Holds", says: `The vSphere boot image of OpenShift ${of} is ${release}.` };
}

function target(policy: Seen<PolicyFacts>): Link {
  if (policy === null) return unseen(object);
  if (policy === undefined) return { object, standing: "Broken", says: "There is none.", todo: remedy("PolicyAbsent") };
  const { status, mode } = policy;
  if (status === null)
    return { object, standing: "Broken", says: `Mode ${mode}. It has no status yet.`, todo: remedy("StatusAbsent") };
  const all = status.targets.length > 0 ? status.targets : [status.target];
  const releases = all.flatMap((one) => one?.release ?? []);
  const degraded = status.conditions.find(
    ({ type, status: is }) => type === "BootImageUpdateDegraded" && is === "True",
  );
  if (releases.length > 0)
    return {
      object,
      source: "status.target",
      standing: "Holds",
      says: `Mode ${mode}. The target is ${releases.join(", ")}.`,
    };
  const says = `Mode ${mode}. It has no target: ${degraded?.message ?? "the controller does not say why"}`;
  return { object, source: "status.target", standing: "Broken", says, todo: remedy(degraded?.reason ?? "") };
}
