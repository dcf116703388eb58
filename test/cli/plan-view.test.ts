// The view of `plan`, and of its check-list.
import { describe, expect, test } from "vitest";
import { firstRun } from "../../cli/first-run.ts";
import { isBehind, planBlocks } from "../../cli/plan-view.ts";
import { preflightBlocks } from "../../cli/preflight-view.ts";
import { conditionsWith, machineSetStatus, policy, shown } from "./facts.ts";

function plan(status: object, spec: object = {}): string {
  const read = policy({ status, spec });
  if (read.status === null) throw new TypeError("it has a status");
  return shown(planBlocks(read, read.status));
}

const folder = "/dc/vm/lab";
const steps = [
  { step: "Import", server: "vc", template: `${folder}/t-a-9.8`, release: "9.8" },
  { step: "Move", server: "vc", template: `${folder}/t-a-9.8`, machineSet: "worker-a", release: "9.8" },
  { step: "Clone", server: "vc", template: `${folder}/t-b-9.8`, from: `${folder}/t-a-9.8`, release: "9.8" },
];
const machineSets = [
  machineSetStatus("worker-a", { state: "Outdated", reason: "Behind", template: "t-a-9.6" }),
  machineSetStatus("worker-b"),
  machineSetStatus("worker-c", { state: "Skipped", reason: "OnHold", message: "Remove the annotation." }),
];

test("in mode Observe: what would be done, and why not more", () => {
  expect(plan({ plan: steps, machineSets }, { mode: "Observe" })).toBe(`\
Observe: nothing is done. In mode Manage bootwarden would take 3 steps to 9.8.20261116-0:

   1  import the image as /dc/vm/lab/t-a-9.8 at vc
   2  move MachineSet worker-a from t-a-9.6 to t-a-9.8; its Machines are not touched
   3  clone /dc/vm/lab/t-a-9.8 to /dc/vm/lab/t-b-9.8 at vc

At 9.8.20261116-0 already: worker-b

Nothing is planned for
MACHINESET  STATE    WHY NOT
worker-c    Skipped  OnHold
  Remove the annotation.
`);
});

test("in mode Manage: what is being done", () => {
  expect(plan({ plan: steps.slice(0, 1), machineSets: [] })).toContain(
    "Manage: bootwarden is taking 1 step to 9.8.20261116-0, each vCenter for itself.\n",
  );
});

describe("halted", () => {
  const rollout = { halted: { message: "Machine m ended Failed.", since: "2026-11-26T09:00:00Z", moved: [] } };
  const waiting = [machineSetStatus("worker-a", { state: "Halted", reason: "Halted", message: "It is not moved." })];

  test("what waits, and why: with steps in the plan, or without", () => {
    const said = "Halted: no step to 9.8.20261116-0 is taken. Machine m ended Failed.\n";
    expect(plan({ plan: steps, rollout })).toContain(said);
    expect(plan({ plan: [], rollout, machineSets: waiting })).toContain(said);
    expect(plan({ plan: [], rollout, machineSets: waiting })).toContain(
      "worker-a    Halted  Halted\n  It is not moved.\n",
    );
  });

  test("nothing waits where all is moved", () => {
    expect(plan({ plan: [], rollout })).toMatch(/^Nothing to do/);
  });

  test.each([
    [{ plan: steps, machineSets: [] }, true],
    [{ plan: [], machineSets: waiting }, true],
    [{ plan: [], machineSets: [] }, false],
    [{ plan: undefined, machineSets: [] }, false],
  ])("%j is behind: %s", (status, behind) => {
    const read = policy({ status });
    expect(read.status !== null && isBehind(read.status)).toBe(behind);
  });
});

test("nothing to do", () => {
  expect(plan({ plan: [] })).toBe(
    "Nothing to do for 9.8.20261116-0.\n\nAt 9.8.20261116-0 already: worker-a, worker-b\n",
  );
});

describe("no step can be taken", () => {
  const first = (status: object) => plan({ plan: [], ...status }).split("\n")[0];
  const failed = (name: string, reason: string) => machineSetStatus(name, { state: "Failed", reason, message: "m" });

  test("while the cluster is upgraded: then the release is not known, and the MachineSets wait", () => {
    const waiting = ["worker-a", "worker-b"].map((name) =>
      machineSetStatus(name, { state: "Skipped", reason: "ClusterUpdating", message: "Templates wait." }),
    );
    expect(first({ target: undefined, machineSets: waiting })).toBe(
      "No step can be taken: ClusterUpdating (2 MachineSets).",
    );
  });

  test("for MachineSets that failed, are contested or cannot be read: each reason, and how many have it", () => {
    const contested = { state: "Contested", reason: "Contested", managedBy: "Nobody" };
    const unread = { state: "Failed", reason: "ObjectUnreadable", managedBy: "Nobody" };
    const all = [
      failed("a", "UserDataMissing"),
      machineSetStatus("b"),
      failed("c", "UserDataMissing"),
      failed("d", "VCenterUnreachable"),
      machineSetStatus("e", contested),
      machineSetStatus("f", unread),
      machineSetStatus("g", { state: "Later", reason: undefined }),
    ];
    expect(first({ machineSets: all })).toBe(
      "No step to 9.8.20261116-0 can be taken: UserDataMissing (2 MachineSets), VCenterUnreachable (1 MachineSet), " +
        "Contested (1 MachineSet), ObjectUnreadable (1 MachineSet), Later (1 MachineSet).",
    );
    const told = plan({ plan: [], machineSets: all });
    expect(told).toContain("\nAt 9.8.20261116-0 already: b\n");
    expect(told).toMatch(/^a +Failed +UserDataMissing$/m);
  });

  test.each([
    ["somebody else's", { state: "Skipped", reason: "ManagedByMCO", managedBy: "MCO" }],
    ["on hold", { state: "Skipped", reason: "OnHold", managedBy: "Nobody" }],
    ["without an image that could run on vSphere", { state: "Skipped", reason: "NoVmwareImage" }],
    ["newer than the target", { state: "UpToDate", reason: "NewerThanTarget" }],
    ["moved a moment ago", { state: "Updating", reason: "MovingTemplate" }],
  ])("not where the MachineSet is %s: there is nothing to do", (_, change) => {
    expect(first({ machineSets: [machineSetStatus("a", change)] })).toBe("Nothing to do for 9.8.20261116-0.");
  });

  test("where the release is not known and no MachineSet waits for it, there is nothing to do either", () => {
    const conditions = conditionsWith("BootImageUpdateDegraded", "True", { reason: "BootImagesMissing", message: "m" });
    expect(first({ target: undefined, machineSets: [], conditions })).toBe(
      "Nothing to do: the release's boot image is not known (BootImagesMissing).",
    );
    expect(first({ target: undefined, machineSets: [] })).toBe("Nothing to do: the release's boot image is not known.");
  });
});

test("steps whose last try failed say so, in mode Manage alone", () => {
  const full = [machineSetStatus("worker-a", { state: "Failed", reason: "DatastoreFull", message: "ds-1 is full." })];
  const said = "each vCenter for itself. The last try failed: DatastoreFull (1 MachineSet).\n";
  expect(plan({ plan: steps, machineSets: full })).toContain(said);
  expect(plan({ plan: steps, machineSets: full }, { mode: "Observe" })).not.toContain("failed");
  expect(plan({ plan: steps })).not.toContain("failed");
});

test("steps of another stream than the default one's say their own release", () => {
  expect(plan({ plan: steps, target: undefined })).toContain("bootwarden is taking 3 steps to 9.8, each");
  expect(plan({ plan: [{ step: "Burn", server: "vc", template: "x" }], target: undefined })).toContain("1 step, each");
});

test("a controller that says nothing of plans, and a step of a later version", () => {
  expect(plan({ plan: undefined, machineSets: [] })).toMatch(/^The controller does not say what it would do/);
  expect(plan({ plan: [{ step: "Burn", server: "vc", template: "x" }], machineSets: [] })).toContain(
    "   1  Burn x at vc\n",
  );
});

test("as many steps as the status holds may not be all", () => {
  const many = Array.from({ length: 50 }, () => ({ step: "Import", server: "vc", template: "t" }));
  expect(plan({ plan: many })).toContain("The status holds no more than these; there may be others.");
});

describe("the check-list", () => {
  const list = (conditions?: object[]) =>
    shown(preflightBlocks(conditions === undefined ? null : policy({ status: { conditions } }).status));

  test("without a status is for the eyes alone", () => {
    expect(list().match(/^\[open\] /gm)).toHaveLength(firstRun.length);
  });

  test("has the conditions filled in, good and bad", () => {
    const told = list(conditionsWith("VCentersReachable", "False", { reason: "LoginRefused", message: "vc: refused" }));
    expect(told).toContain("[ ok ] AdmissionPoliciesInstalled\n");
    expect(told).toContain("[ no ] VCentersReachable\n");
    expect(told).toContain("       now: VCentersReachable False, vc: refused\n");
    expect(told).toContain("[open] the Event ImportSpecWarnings\n");
  });
});
