// The facts of a cluster in order, for views; tests change what they are about.
import { type NodeRow, nodeRow } from "../../cli/read-nodes.ts";
import { type PolicyFacts, policyFacts } from "../../cli/read-policy.ts";
import type { StatusFacts } from "../../cli/status-facts.ts";
import type { Block } from "../../cli/text/screen.ts";
import { screen } from "../../cli/text/screen.ts";

export const now = Date.parse("2026-11-26T12:00:00Z");
const target = "9.8.20261116-0";
export function machineSetStatus(name: string, change: object = {}): object {
  return {
    name,
    managedBy: "Bootwarden",
    managedByReason: "Enrolled",
    managedByMessage: "The BootImagePolicy selects it.",
    state: "UpToDate",
    reason: "OnTarget",
    message: `Template ${name}-9.8 has the target's release ${target}.`,
    template: `lab-rhcos-${name}-${target}`,
    release: target,
    ...change,
  };
}

const healthy = [
  {
    type: "BootImageUpdateProgressing",
    status: "False",
    reason: "AsExpected",
    message: "Reconciled 2 of 2 MAPI MachineSets",
  },
  { type: "BootImageUpdateDegraded", status: "False", reason: "AsExpected", message: "0 Degraded MAPI MachineSets" },
  { type: "NodesVerified", status: "True", reason: "AllVerified", message: "3 of 3 nodes Verified" },
  { type: "VCentersReachable", status: "True", reason: "AllReachable", message: "1 of 1 vCenters answer" },
  { type: "TakeoverAhead", status: "False", reason: "NoTakeover", message: "MachineConfiguration says which." },
  {
    type: "AdmissionPoliciesInstalled",
    status: "True",
    reason: "PoliciesInstalled",
    message: "What RBAC cannot forbid is forbidden.",
  },
];

/** The conditions, with one in another state. */
export function conditionsWith(type: string, status: string, said: { reason: string; message: string }): object[] {
  return healthy.map((one) => (one.type === type ? { ...one, status, ...said } : one));
}

export function policyObject({ spec = {}, status = {} }: { spec?: object; status?: object | null } = {}): object {
  const whole = {
    observedGeneration: 3,
    summary: { machineSets: "2/2", nodes: "3/3" },
    target: { release: target, version: "4.20.15", sha256: "ab", url: "https://mirror/x.ova" },
    machineSets: [machineSetStatus("worker-a"), machineSetStatus("worker-b")],
    templates: [],
    plan: [],
    rollout: {},
    platform: {
      version: "4.20.14",
      featureSet: "",
      machineConfigOperator: "Unable",
      message:
        "The Machine Config Operator of OpenShift 4.20.14 (feature set Default) does not manage vSphere boot images, enrolled or not.",
    },
    nodes: {
      total: 3,
      verified: 3,
      updating: 0,
      mismatch: 0,
      unknown: 0,
      notApplicable: 0,
      oldestBootImage: "9.6.20261028-0",
    },
    conditions: healthy,
  };
  return {
    metadata: { name: "cluster", resourceVersion: "7", generation: 3, annotations: {} },
    spec: { mode: "Manage", ...spec },
    ...(status === null ? {} : { status: { ...whole, ...status } }),
  };
}

export function policy(change: { spec?: object; status?: object | null } = {}): PolicyFacts {
  return policyFacts(policyObject(change));
}

export function node(name: string, verdict: string | null, reason: string): NodeRow {
  const labels = verdict === null ? {} : { "bootwarden.io/verdict": verdict };
  return nodeRow({ metadata: { name, labels, annotations: { "bootwarden.io/verdict-reason": reason } } });
}

export function facts(change: Partial<StatusFacts> = {}): StatusFacts {
  return { policy: policy(), nodes: null, leader: null, now, ...change };
}

/** The blocks as they stand in a file, or in a terminal of that width. */
export function shown(blocks: readonly Block[], width: number | null = null): string {
  return screen(blocks, { width, colour: false });
}
