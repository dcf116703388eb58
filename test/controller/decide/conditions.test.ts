import { expect, test } from "vitest";
import { mergeConditions } from "../../../controller/decide/condition-merge.ts";
import { type ConditionsInput, conditionTypes, findings } from "../../../controller/decide/conditions.ts";
import type { MachineSetState } from "../../../controller/decide/machine-set-state.ts";
import { nodesSummary } from "../../../controller/decide/node-summary.ts";
import type { Verdict } from "../../../controller/decide/verdict.ts";

const state = (name: string, is: MachineSetState["state"], reason: MachineSetState["reason"]): MachineSetState => ({
  name,
  managedBy: "Bootwarden",
  managedByReason: "Enrolled",
  managedByMessage: "",
  state: is,
  reason,
  message: `${name} says why`,
  template: "t",
  release: null,
});
const upToDate = ["a", "b"].map((name) => state(name, "UpToDate", "OnTarget"));
const updating = ["c", "d"].map((name) => state(name, "Updating", "MovingTemplate"));
const skipped = state("w", "Skipped", "WindowsMachineSet");
const failed = state("f", "Failed", "ChecksumMismatch");
const outdated = state("o", "Outdated", "Behind");
const deferred = state("u", "Skipped", "ClusterUpdating");

const verdicts = (...names: Verdict["verdict"][]) =>
  nodesSummary(names.map((verdict) => ({ verdict, bootImage: null })));

function found(over: Partial<ConditionsInput>) {
  const input: ConditionsInput = {
    mode: "Manage",
    machineSets: [],
    failures: [],
    nodes: verdicts("Verified"),
    troubled: [],
    vcenters: [{ server: "vc-a", failure: null }],
    clusterVersion: "4.21.9",
    managersSaid: true,
    admission: "Installed",
    ...over,
  };
  return new Map(findings(input).map((finding) => [finding.type, finding]));
}

const cluster = "Reconciled 0 of 0 CAPI MachineSets | Reconciled 0 of 0 CAPI MachineDeployments";
const healthy = "0 Degraded CAPI MachineSets | 0 Degraded CAPI MachineDeployments";

test.for<[string, Partial<ConditionsInput>, string, string]>([
  ["at work", { machineSets: [...upToDate, ...updating] }, "True Reconciling", "Reconciled 2 of 4 MAPI MachineSets"],
  ["done", { machineSets: upToDate }, "False AsExpected", "Reconciled 2 of 2 MAPI MachineSets"],
  ["skipped ones do not count", { machineSets: [skipped] }, "False AsExpected", "Reconciled 0 of 0 MAPI MachineSets"],
  ["failed is no progress", { machineSets: [failed] }, "False AsExpected", "Reconciled 0 of 1 MAPI MachineSets"],
  ["Observe", { mode: "Observe", machineSets: [outdated] }, "False ObserveMode", "Reconciled 0 of 1 MAPI MachineSets"],
  ["an upgrade", { machineSets: [deferred] }, "False ClusterUpdating", "Reconciled 0 of 1 MAPI MachineSets"],
])("BootImageUpdateProgressing: %s", ([, over, expected, counts]) => {
  const finding = found(over).get("BootImageUpdateProgressing");
  expect(`${finding?.status} ${finding?.reason}`).toBe(expected);
  expect(finding?.message).toBe(`${counts} | ${cluster}`);
});

test.for<[string, Partial<ConditionsInput>, string, string]>([
  ["healthy", { machineSets: upToDate }, "False AsExpected", `0 Degraded MAPI MachineSets | ${healthy}`],
  [
    "one failed",
    { machineSets: [...upToDate, failed] },
    "True ChecksumMismatch",
    `1 Degraded MAPI MachineSets | ${healthy} | Error(s): MachineSet f: ChecksumMismatch: f says why`,
  ],
  [
    "the ConfigMap",
    { failures: [{ reason: "BootImagesMissing", message: "it is gone" }] },
    "True BootImagesMissing",
    `0 Degraded MAPI MachineSets | ${healthy} | Error(s): BootImagesMissing: it is gone`,
  ],
])("BootImageUpdateDegraded: %s", ([, over, expected, message]) => {
  const finding = found(over).get("BootImageUpdateDegraded");
  expect(`${finding?.status} ${finding?.reason}`).toBe(expected);
  expect(finding?.message).toBe(message);
});

const loginRefused = { reason: "LoginRefused", message: "mend the Secret" } as const;
const vcenters = [
  { server: "vc-a", failure: null },
  { server: "vc-b", failure: loginRefused },
];

const missing = { reason: "PolicyMissing", message: "m" } as const;
const unread = { reason: "ApiRefused", message: "m" } as const;

test.for<[string, Partial<ConditionsInput>, (typeof conditionTypes)[number], string]>([
  ["all", { nodes: verdicts("Verified", null) }, "NodesVerified", "True AllVerified"],
  ["not all", { nodes: verdicts("Verified", "Mismatch") }, "NodesVerified", "False NotAllVerified"],
  ["none applies", { nodes: verdicts(null) }, "NodesVerified", "Unknown NotApplicable"],
  ["all answer", {}, "VCentersReachable", "True AllReachable"],
  ["one does not", { vcenters }, "VCentersReachable", "False LoginRefused"],
  [
    "one is not verified",
    { vcenters: [{ server: "vc-a", failure: null, unverified: true }] },
    "VCentersReachable",
    "True AllReachable",
  ],
  ["managers named", {}, "TakeoverAhead", "False NoTakeover"],
  ["nothing said before 4.22", { managersSaid: false }, "TakeoverAhead", "True TakeoverAhead"],
  ["policies there", {}, "AdmissionPoliciesInstalled", "True PoliciesInstalled"],
  ["a policy away", { admission: missing }, "AdmissionPoliciesInstalled", "False PolicyMissing"],
  ["policies that may not be read", { admission: unread }, "AdmissionPoliciesInstalled", "Unknown ApiRefused"],
  ["policies not looked at", { admission: null }, "AdmissionPoliciesInstalled", "Unknown Reconciling"],
  [
    "nothing said at 4.22: it is no more ahead",
    { managersSaid: false, clusterVersion: "4.22.1" },
    "TakeoverAhead",
    "False NoTakeover",
  ],
  [
    "a release that cannot be read",
    { managersSaid: false, clusterVersion: null },
    "TakeoverAhead",
    "True TakeoverAhead",
  ],
])("%s", ([, over, type, expected]) => {
  const finding = found(over).get(type);
  expect(`${finding?.status} ${finding?.reason}`).toBe(expected);
});

test("NodesVerified names nodes in trouble, but not a whole fleet", () => {
  const trouble = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `w${index}`, reason: "AgentError/NotInstalled" }));
  const message = (count: number) => found({ troubled: trouble(count) }).get("NodesVerified")?.message;
  expect(message(1)).toMatch(/ Unknown \(w0: AgentError\/NotInstalled\)$/);
  expect(message(7)).toMatch(/ \(w0: .*, w4: AgentError\/NotInstalled, and 2 more\)$/);
});

test("a condition stays below what the API takes, however many fail", () => {
  const many = Array.from({ length: 2000 }, () => failed);
  expect(found({ machineSets: many }).get("BootImageUpdateDegraded")?.message.length).toBeLessThanOrEqual(4000);
});

test("the summary counts every verdict and finds the oldest boot image", () => {
  const all = ["Verified", "Verified", "Updating", "Mismatch", "Unknown", null] as const;
  const images = ["9.6.20261028-0", "416.94.202510081640-0", null, "odd", null, null];
  expect(nodesSummary(all.map((verdict, index) => ({ verdict, bootImage: images[index] ?? null })))).toEqual({
    total: 6,
    verified: 2,
    updating: 1,
    mismatch: 1,
    unknown: 1,
    notApplicable: 1,
    oldestBootImage: "416.94.202510081640-0",
  });
});

test("the time of a condition moves only with its status, and others' conditions stay", () => {
  const first = { now: "2026-11-20T10:00:00Z", observedGeneration: 1 };
  const later = { now: "2026-11-20T11:00:00Z", observedGeneration: 2 };
  const foreign = { type: "Theirs", status: "True", reason: "R", message: "m", lastTransitionTime: first.now };
  const before = mergeConditions([foreign], [...found({}).values()], first);
  const after = mergeConditions(before, [...found({ nodes: verdicts("Mismatch") }).values()], later);
  expect(after.map(({ type }) => type)).toEqual([...conditionTypes, "Theirs"]);
  expect(after.map(({ lastTransitionTime }) => lastTransitionTime === later.now)).toEqual(
    [...conditionTypes, "Theirs"].map((type) => type === "NodesVerified"),
  );
  expect(after.at(0)?.observedGeneration).toBe(2);
  expect(mergeConditions(after, [...found({ nodes: verdicts("Mismatch") }).values()], later)).toEqual(after);
});

test("a vCenter whose certificate is not looked at is named, beside what fails as well", () => {
  const failure = { reason: "LoginRefused" as const, message: "no" };
  const unverified = { server: "vc-a", failure: null, unverified: true };
  const told = (vcenters: ConditionsInput["vcenters"]) => found({ vcenters }).get("VCentersReachable")?.message;
  expect(told([unverified])).toBe("1 of 1 vCenters answer; certificate not verified: vc-a");
  expect(told([{ server: "vc-b", failure }, unverified])).toMatch(/^vc-b: no.*; certificate not verified: vc-a$/);
});
