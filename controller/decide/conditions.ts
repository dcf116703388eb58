// The conditions of the BootImagePolicy.
import type { Reason } from "../../common/reasons.ts";
import type { Admission } from "./admission.ts";
import { isAtLeast } from "./cluster-version.ts";
import type { MachineSetState } from "./machine-set-state.ts";
import type { NodesSummary } from "./node-summary.ts";

/** A condition without its times. */
export interface Finding {
  type: (typeof conditionTypes)[number];
  status: "True" | "False" | "Unknown";
  reason: Reason;
  message: string;
}

export const conditionTypes = [
  "BootImageUpdateProgressing",
  "BootImageUpdateDegraded",
  "NodesVerified",
  "VCentersReachable",
  "TakeoverAhead",
  "AdmissionPoliciesInstalled",
] as const;

export interface ConditionsInput {
  mode: "Observe" | "Manage";
  machineSets: readonly MachineSetState[];
  /** What is wrong beyond single MachineSets, e.g. the ConfigMap; also named where no MachineSet is. */
  failures: readonly { reason: Reason; message: string }[];
  nodes: NodesSummary;
  /** Nodes that are Mismatch or Unknown, with their reasons. */
  troubled: readonly { name: string; reason: string }[];
  /** `unverified`: its certificate is not looked at, because the policy says so. */
  vcenters: readonly { server: string; failure: { reason: Reason; message: string } | null; unverified?: boolean }[];
  clusterVersion: string | null;
  /** As `hasOpinion` says. */
  managersSaid: boolean;
  /** Null before the first look. */
  admission: Admission | null;
}

/** All six, in a fixed order. The first two have the words of OpenShift's documentation. */
export function findings(input: ConditionsInput): Finding[] {
  const first = [progressing(input), degraded(input), nodesVerified(input), reachable(input), takeover(input)];
  return [...first, installed(input)];
}

/** Whether a MachineSet counts as one of ours to reconcile: also while it waits for the cluster's upgrade. */
export function isSelected({ state, reason }: Pick<MachineSetState, "state" | "reason">): boolean {
  return state !== "Skipped" || reason === "ClusterUpdating";
}

function progressing({ mode, machineSets }: ConditionsInput): Finding {
  const waiting = machineSets.some(({ reason }) => reason === "ClusterUpdating");
  const selected = machineSets.filter(isSelected);
  const reconciled = selected.filter(({ state }) => state === "UpToDate").length;
  const working = selected.some(({ state }) => state === "Updating");
  const message =
    `Reconciled ${reconciled} of ${selected.length} MAPI MachineSets | ` +
    "Reconciled 0 of 0 CAPI MachineSets | Reconciled 0 of 0 CAPI MachineDeployments";
  const observing = mode === "Observe" && reconciled < selected.length;
  const atRest = waiting ? "ClusterUpdating" : observing ? "ObserveMode" : "AsExpected";
  const type = "BootImageUpdateProgressing";
  return { type, status: working ? "True" : "False", reason: working ? "Reconciling" : atRest, message };
}

function degraded({ machineSets, failures }: ConditionsInput): Finding {
  const failed = machineSets.filter(({ state }) => state === "Failed" || state === "Contested");
  const general = failures.map(({ reason, message }) => `${reason}: ${message}`);
  const errors = [
    ...general,
    ...failed.map(({ name, reason, message }) => `MachineSet ${name}: ${reason}: ${message}`),
  ];
  const counts = `${failed.length} Degraded MAPI MachineSets | 0 Degraded CAPI MachineSets | 0 Degraded CAPI MachineDeployments`;
  return {
    type: "BootImageUpdateDegraded",
    status: errors.length > 0 ? "True" : "False",
    reason: failures[0]?.reason ?? failed[0]?.reason ?? "AsExpected",
    message: bounded(errors.length > 0 ? `${counts} | Error(s): ${errors.join(", ")}` : counts),
  };
}

/** How many nodes in trouble are named in a condition. */
const named = 5;

function nodesVerified({ nodes, troubled }: ConditionsInput): Finding {
  const applying = nodes.total - nodes.notApplicable;
  const rest = `${nodes.updating} Updating, ${nodes.mismatch} Mismatch, ${nodes.unknown} Unknown`;
  const names = troubled.slice(0, named).map(({ name, reason }) => `${name}: ${reason}`);
  const more = troubled.length > named ? [`and ${troubled.length - named} more`] : [];
  const who = names.length === 0 ? "" : ` (${[...names, ...more].join(", ")})`;
  const message = `${nodes.verified} of ${applying} nodes Verified, ${rest}${who}`;
  const type = "NodesVerified";
  if (applying === 0) return { type, status: "Unknown", reason: "NotApplicable", message };
  if (nodes.verified === applying) return { type, status: "True", reason: "AllVerified", message };
  return { type, status: "False", reason: "NotAllVerified", message };
}

/** That nobody checks whom the passwords go to is to be seen wherever vCenters are told of. */
function unverifiedWord(vcenters: ConditionsInput["vcenters"]): string {
  const servers = vcenters.filter(({ unverified }) => unverified).map(({ server }) => server);
  return servers.length === 0 ? "" : `; certificate not verified: ${servers.join(", ")}`;
}

function reachable({ vcenters }: ConditionsInput): Finding {
  const failures = vcenters.flatMap(({ server, failure }) => (failure ? [{ server, ...failure }] : []));
  const unverified = bounded(unverifiedWord(vcenters), Math.floor(longest / 4));
  // Each failing vCenter is named, however much there is to say of the others.
  const each = Math.floor((longest - unverified.length) / Math.max(1, failures.length)) - 2;
  const answers =
    failures.map((failure) => bounded(`${failure.server}: ${failure.message}`, each)).join(", ") ||
    `${vcenters.length} of ${vcenters.length} vCenters answer`;
  const status = failures.length > 0 ? "False" : "True";
  return {
    type: "VCentersReachable",
    status,
    reason: failures[0]?.reason ?? "AllReachable",
    message: bounded(`${answers}${unverified}`),
  };
}

/** OpenShift 4.22 enrols every MachineSet where no admin has said anything, without asking. */
function takeover({ clusterVersion, managersSaid }: ConditionsInput): Finding {
  const type = "TakeoverAhead";
  const none = (message: string): Finding => ({ type, status: "False", reason: "NoTakeover", message });
  if (managersSaid) return none("MachineConfiguration says which boot images the Machine Config Operator manages.");
  if (isAtLeast(clusterVersion, 4, 22) === true)
    return none(
      "managedBootImages of MachineConfiguration cluster is unset, and this release has enrolled every MachineSet.",
    );
  const message =
    "The upgrade to OpenShift 4.22 enrols every MachineSet with the Machine Config Operator, because managedBootImages of " +
    "MachineConfiguration cluster is unset: name what it shall manage, e.g. mode None for machinesets.";
  return { type, status: "True", reason: "TakeoverAhead", message };
}

function installed({ admission }: ConditionsInput): Finding {
  const type = "AdmissionPoliciesInstalled";
  if (admission === "Installed") {
    const message = "What RBAC cannot forbid to bootwarden's accounts and to kubelets is forbidden.";
    return { type, status: "True", reason: "PoliciesInstalled", message };
  }
  if (admission === null) return { type, status: "Unknown", reason: "Reconciling", message: "Not looked at yet." };
  const { reason, message } = admission;
  return { type, status: reason === "PolicyMissing" ? "False" : "Unknown", reason, message: bounded(message) };
}

/** Far below the 32,768 characters that a condition may hold. */
const longest = 4000;

function bounded(message: string, length = longest): string {
  return message.length <= length ? message : `${message.slice(0, length - 1)}…`;
}
