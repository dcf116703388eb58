// The platform: what the cluster's version and feature set let its Machine Config Operator do with vSphere boot images.
import { isAtLeast } from "./cluster-version.ts";

export interface PlatformFacts {
  /** As `newestVersion` says: during an upgrade the version that is coming. */
  clusterVersion: string | null;
  /** FeatureGate/cluster `spec.featureSet`; "" is OpenShift's default. */
  featureSet: string;
  /** FeatureGate/cluster `status`, of that version. */
  featureGates: { enabled: readonly string[]; disabled: readonly string[] };
}

/** The policy's `status.platform`. */
export interface Platform {
  /** null: it cannot be read. */
  version: string | null;
  featureSet: string;
  machineConfigOperator: "Able" | "Unable";
  message: string;
}

const gate = "ManagedBootImagesvSphere";
/** Feature sets that enable it in 4.20. */
const previews = new Set(["TechPreviewNoUpgrade", "DevPreviewNoUpgrade"]);

/**
 * The Machine Config Operator manages vSphere boot images from OpenShift 4.21 on, before that where the feature gate
 * is enabled (4.20, TechPreviewNoUpgrade). A release that cannot be read counts as able: two writers do more harm than none.
 */
export function platform({ clusterVersion, featureSet, featureGates }: PlatformFacts): Platform {
  const known = { version: clusterVersion, featureSet };
  const able = (message: string): Platform => ({ ...known, machineConfigOperator: "Able", message });
  const is = `OpenShift ${clusterVersion}`;
  const set = `feature set ${featureSet || "Default"}`;
  if (isAtLeast(clusterVersion, 4, 21) === undefined)
    return able(
      "The cluster's version cannot be read: its Machine Config Operator counts as able to manage boot images.",
    );
  if (isAtLeast(clusterVersion, 4, 22))
    return able(
      `The Machine Config Operator of ${is} manages vSphere boot images unless MachineConfiguration opts out.`,
    );
  if (isAtLeast(clusterVersion, 4, 21))
    return able(
      `The Machine Config Operator of ${is} manages vSphere boot images where MachineConfiguration enrols them.`,
    );
  if (featureGates.enabled.includes(gate))
    return able(`The Machine Config Operator of ${is} manages vSphere boot images: ${gate} is enabled (${set}).`);
  const told = featureGates.disabled.includes(gate);
  if (!told && isAtLeast(clusterVersion, 4, 20) === true && previews.has(featureSet))
    return able(
      `The Machine Config Operator of ${is} counts as able to manage vSphere boot images: ${set}, and nothing is told of ${gate}.`,
    );
  const message = `The Machine Config Operator of ${is} (${set}) does not manage vSphere boot images, enrolled or not.`;
  return { ...known, machineConfigOperator: "Unable", message };
}
