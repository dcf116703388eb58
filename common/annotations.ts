// The contract: every annotation, label and name that users, the agent and the controller share.

/** Written by the agent, on its own Node only. */
export const agentAnnotations = {
  bootedDigest: "agent.bootwarden.io/booted-digest",
  bootedImage: "agent.bootwarden.io/booted-image",
  bootedVersion: "agent.bootwarden.io/booted-version",
  stagedDigest: "agent.bootwarden.io/staged-digest",
  bootImage: "agent.bootwarden.io/boot-image",
  report: "agent.bootwarden.io/report",
} as const;

/** Labels written by the controller on Nodes. */
export const nodeLabels = {
  verdict: "bootwarden.io/verdict",
  osDigest: "bootwarden.io/os-digest",
} as const;

/** Annotations written by the controller on Nodes. */
export const nodeAnnotations = {
  verdictReason: "bootwarden.io/verdict-reason",
  verdictMessage: "bootwarden.io/verdict-message",
  bootImageCheck: "bootwarden.io/boot-image-check",
} as const;

/** Annotations on MachineSets: `previousTemplate` is written by the controller, the others by people. */
export const machineSetAnnotations = {
  previousTemplate: "bootwarden.io/previous-template",
  hold: "bootwarden.io/hold",
  /** RFC 3339: reverts that were seen before are forgotten. */
  resumedAt: "bootwarden.io/resumed-at",
} as const;

/** Annotations on the BootImagePolicy, written by people. */
export const policyAnnotations = {
  /** RFC 3339: a halt that began before ends. */
  resumedAt: machineSetAnnotations.resumedAt,
} as const;

/** How each of the labels and annotations begins. */
export const keyPrefixes = ["bootwarden.io/", "agent.bootwarden.io/"] as const;

export const namespace = "bootwarden";
export const agentName = "bootwarden-agent";
export const controllerName = "bootwarden-controller";
/** The ClusterRole of people who look by `kubectl bootwarden`; nobody is bound to it. */
export const readerName = "bootwarden-reader";

/** Its Job, which takes every label and annotation of ours away, and its field manager. */
export const uninstallName = "bootwarden-uninstall";

/** The ValidatingAdmissionPolicies, each with a binding of its name. */
export const admissionPolicies = [
  "bootwarden-agent",
  "bootwarden-controller-events",
  "bootwarden-controller-machinesets",
  "bootwarden-controller-nodes",
  "bootwarden-kubelet",
] as const;

/** The ConfigMap with the CAs of the clients of /metrics, and its key. */
export const metricsClientCA = "metrics-client-ca";
export const clientCAKey = "client-ca.crt";

/** The Secret of the namespace with accounts of vCenters; of any other, one has to allow its reading. */
export const vcenterSecret = "bootwarden-vcenters";

/** A report is at most this many bytes of compact JSON; the admission policy of the agent holds it too. */
export const reportLimit = 4096;

/** The same for the agent's other annotations. */
export const valueLimit = 512;
