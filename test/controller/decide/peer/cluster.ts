// The peer's scenarios of the cluster: its version, its opinion on boot images, releases, and writes that are taken back.
import { expect } from "vitest";
import { type ClusterVersionFacts, clusterState, isAtLeast } from "../../../../controller/decide/cluster-version.ts";
import { findings } from "../../../../controller/decide/conditions.ts";
import { type ContestMemory, contest } from "../../../../controller/decide/contest.ts";
import { hasOpinion, type ManagedBootImages, managersInForce } from "../../../../controller/decide/enrolment.ts";
import { type ManagerContext, manager } from "../../../../controller/decide/manager.ts";
import { policyStatus } from "../../../../controller/decide/policy-status.ts";
import { compareReleases } from "../../../../controller/decide/release.ts";
import type { MachineManager } from "../../../../controller/decide/selection.ts";
import { machineSetFacts } from "../facts.ts";
import { machineSet, input as statusInput } from "../policy-status-input.ts";

type State = "Completed" | "Partial";

export const east = machineSetFacts("fd-east-a");

/** Newest first; each entry a version older than the one before. */
function history(...states: State[]): ClusterVersionFacts {
  const entries = states.map((state, index) => ({ state, version: `4.${22 - index}.1` }));
  return { history: entries, desiredVersion: "4.22.1" };
}

const isStable = (...states: State[]) => clusterState(history(...states)).ok;

/** What MachineConfiguration's status says of one resource. */
export function managing(mode: string, over: Partial<MachineManager> = {}): MachineManager[] {
  return [{ resource: "machinesets", apiGroup: "machine.openshift.io", selection: { mode }, ...over }];
}

export function context(over: Partial<ManagerContext> = {}): ManagerContext {
  return {
    policy: { mode: "Manage", selection: { mode: "All" } },
    machineManagers: [],
    clusterVersion: "4.22.1",
    featureSet: "",
    featureGates: { enabled: [], disabled: [] },
    ...over,
  };
}

export function managerOf(over: Partial<ManagerContext>, facts = east): string {
  const { managedBy, reason } = manager(facts, context(over));
  return `${managedBy} ${reason}`;
}

/** As the status of MachineConfiguration says it, and its spec, where an admin has said something. */
export function inForce(said: Partial<ManagedBootImages>, clusterVersion = "4.22.1"): Partial<ManagerContext> {
  const facts = { clusterVersion, featureSet: "", featureGates: { enabled: [], disabled: [] } };
  return { clusterVersion, machineManagers: managersInForce({ spec: undefined, status: undefined, ...said }, facts) };
}

function takeoverAhead(clusterVersion: string, spec: ManagedBootImages["spec"]): string | undefined {
  const said = { clusterVersion, managersSaid: hasOpinion({ spec }) };
  return findings({ ...statusInput, failures: [], ...said }).find(({ type }) => type === "TakeoverAhead")?.status;
}

const minute = 60_000;
const start = Date.parse("2026-11-20T10:00:00Z");

/** We move the MachineSet, and somebody takes it back, so many times; a quarter of an hour lies between two. */
function standingAfter(reverts: number): string {
  let memory: ContestMemory = { moved: null, contested: null };
  let standing = "Free";
  for (let revert = 0; revert < reverts; revert++) {
    const now = start + revert * 15 * minute;
    const moved = { template: "new", at: new Date(now - minute).toISOString() };
    const found = contest({ ...contestInput, memory: { ...memory, moved }, template: "old", now });
    ({ memory, standing } = found);
  }
  return standing;
}

const contestInput = { writtenBy: "argocd", wanted: true, dead: false, resumedAt: null, pause: minute } as const;

/** The status of a cluster whose MachineSets name templates of these releases. */
function statusOf(releases: readonly string[]) {
  const machineSets = releases.map((release, index) => machineSet({ name: `set-${index}`, release }));
  return policyStatus({ ...statusInput, machineSets });
}

export const clusterChecks: Record<string, () => void> = {
  U1: () => {
    expect([isStable(), isStable("Partial"), isStable("Partial", "Completed")]).toEqual([false, false, false]);
    expect(clusterState(history("Partial"))).toMatchObject({ ok: false, reason: "ClusterUpdating" });
  },
  U2: () => {
    expect([isStable("Completed"), isStable("Completed", "Completed")]).toEqual([true, true]);
  },
  U3: () => {
    const changes: [State[], State[]][] = [
      [["Partial"], ["Completed"]],
      [[], ["Completed"]],
      [
        ["Partial", "Completed"],
        ["Completed", "Completed"],
      ],
    ];
    for (const [before, after] of changes) expect([isStable(...before), isStable(...after)]).toEqual([false, true]);
  },
  U4: () => {
    for (const state of ["Completed", "Partial"] as const)
      expect(clusterState(history(state))).toEqual(clusterState(history(state)));
    expect([isStable("Completed"), isStable("Partial", "Completed")]).toEqual([true, false]);
  },
  U5: () => {
    expect(standingAfter(3)).toBe("Contested");
  },
  U6: () => {
    expect([standingAfter(1), standingAfter(2)]).toEqual(["Resting", "Resting"]);
    const moved = { template: "of-9.8.1", at: new Date(start - 90 * minute).toISOString() };
    const next = { ...contestInput, memory: { moved, contested: null }, template: "of-9.8.1", now: start };
    expect(contest(next).standing).toBe("Free");
  },
  U20: () => {
    for (const status of [undefined, managing("None"), managing("All")])
      expect(managerOf(inForce({ status }))).toBe("MCO ManagedByMCO");
    expect(takeoverAhead("4.22.1", undefined)).toBe("False");
  },
  U21: () => {
    expect(managerOf(inForce({ spec: [], status: [] }))).toBe("Bootwarden Enrolled");
    expect(takeoverAhead("4.21.9", [])).toBe("False");
  },
  U22: () => {
    const partial = (matchLabels: Record<string, string>) =>
      managing("Partial", { selection: { mode: "Partial", partial: { machineResourceSelector: { matchLabels } } } });
    expect(managerOf({ machineManagers: managing("All") })).toBe("MCO ManagedByMCO");
    expect(managerOf({ machineManagers: managing("None") })).toBe("Bootwarden Enrolled");
    expect(managerOf({ machineManagers: partial(east.labels) })).toBe("MCO ManagedByMCO");
    expect(managerOf({ machineManagers: partial({ region: "nowhere" }) })).toBe("Bootwarden Enrolled");
  },
  U23: () => {
    expect(managerOf({ machineManagers: undefined }, { ...east, provider: null })).toBe("Nobody NotVSphere");
  },
  U24: () => {
    const others = managing("All", { resource: "controlplanemachinesets" });
    expect(managerOf({ machineManagers: others })).toBe("Bootwarden Enrolled");
    expect(managerOf({ machineManagers: [...others, ...managing("All")] })).toBe("MCO ManagedByMCO");
  },
  U26: () => {
    const nightly = "4.18.0-0.ci-2026-01-01-000000";
    expect([isAtLeast(nightly, 4, 18), isAtLeast(nightly, 4, 19)]).toEqual([true, false]);
  },
  U30: () => {
    const ordered = [
      "411.86.202212072103-0",
      "413.92.202301311551-0",
      "416.94.202510081640-0",
      "9.0.20251023-0",
      "9.4.20251023-0",
    ];
    for (const [index, release] of ordered.slice(1).entries())
      expect(compareReleases(ordered[index] ?? "", release)).toBe(-1);
    expect(statusOf(ordered.toReversed()).oldestRelease).toBe(ordered[0]);
    expect(statusOf(ordered.slice(2)).oldestRelease).toBe(ordered[2]);
    expect(isAtLeast("4.12.0", 4, 13)).toBe(false);
    const degraded = statusOf(ordered).conditions.find(({ type }) => type === "BootImageUpdateDegraded");
    expect(degraded?.status).toBe("False");
  },
  E6: () => {
    expect([takeoverAhead("4.21.9", undefined), takeoverAhead("4.21.9", managing("All"))]).toEqual(["True", "False"]);
    expect(managerOf(inForce({ status: managing("None") }, "4.21.9"))).toBe("Bootwarden Enrolled");
    expect(managerOf(inForce({ status: managing("All") }, "4.22.0"))).toBe("MCO ManagedByMCO");
  },
};
