// The advice: what comes first, in which words, with which commands.
import { describe, expect, test } from "vitest";
import { advice, adviceBlocks } from "../../cli/advice.ts";
import type { StatusFacts } from "../../cli/status-facts.ts";
import { conditionsWith, facts, machineSetStatus, node, policy, shown } from "./facts.ts";

const given = (change: Partial<StatusFacts>) => advice(facts(change));
const ofStatus = (status: object, spec: object = {}) => given({ policy: policy({ status, spec }) });

test("of a cluster in order there is none", () => {
  expect(given({})).toEqual([]);
});

describe("one thing each", () => {
  const halted = { message: "m", machine: "worker-a-x", since: "2026-11-26T09:00:00Z" };
  const one = { machineSet: "worker-a", template: "t2", previousTemplate: "t1" };

  test.each([
    [
      [one],
      /then take the MachineSet that was moved back \(rollback\), or let it go on \(resume\)\.$/,
      "kubectl bootwarden rollback --all",
    ],
    [
      [one, { ...one, machineSet: "worker-b" }],
      /take the 2 MachineSets that were moved back/,
      "kubectl bootwarden rollback --all",
    ],
    [[], /see what became of the first new Machine, then let it go on\.$/, "kubectl bootwarden resume"],
  ])("a halt with %j moved", (moved, what, command) => {
    const [first, ...others] = ofStatus({ rollout: { halted: { ...halted, moved } } });
    expect(others).toEqual([]);
    expect(first?.what).toMatch(what);
    expect(first?.commands[0]).toBe("kubectl bootwarden explain machine/worker-a-x");
    expect(first?.commands).toContain(command);
    expect(first?.commands.at(-1)).toBe("kubectl bootwarden resume");
  });

  test.each<[string, object, RegExp, RegExp]>([
    [
      "a policy of admission that is gone",
      {
        conditions: conditionsWith("AdmissionPoliciesInstalled", "False", {
          reason: "PolicyMissing",
          message: "bootwarden-agent is missing.",
        }),
      },
      /bootwarden-agent is missing/,
      /^kubectl apply -k manifests\/base$/,
    ],
    [
      "a vCenter",
      { conditions: conditionsWith("VCentersReachable", "False", { reason: "LoginRefused", message: "vc: no" }) },
      /vCenter refuses the user name or password: mend the Secret/,
      /get events -n default/,
    ],
    [
      "a MachineSet that failed",
      { machineSets: [machineSetStatus("worker-a", { state: "Failed", reason: "DatastoreFull" })] },
      /^worker-a: it cannot be kept up to date \(DatastoreFull\)\. The datastore has less free space/,
      /explain machineset\/worker-a$/,
    ],
    [
      "two that failed alike",
      { machineSets: ["a", "b"].map((name) => machineSetStatus(name, { state: "Failed", reason: "DatastoreFull" })) },
      /^a and 1 more: /,
      /explain machineset\/a$/,
    ],
    [
      "a contest",
      {
        machineSets: [
          machineSetStatus("worker-a", {
            state: "Contested",
            reason: "Contested",
            contested: { times: 3, manager: "argocd", last: "2026-11-26T09:00:00Z" },
          }),
        ],
      },
      /^worker-a: make argocd leave the template alone/,
      /resume worker-a$/,
    ],
    [
      "what all MachineSets want",
      { conditions: conditionsWith("BootImageUpdateDegraded", "True", { reason: "BootImagesMissing", message: "x" }) },
      /^BootImagesMissing: ConfigMap/,
      /get events/,
    ],
    [
      "a takeover",
      { conditions: conditionsWith("TakeoverAhead", "True", { reason: "TakeoverAhead", message: "x" }) },
      /before OpenShift 4\.22 does/,
      /^kubectl patch machineconfiguration cluster --type=merge -p '\{"spec":/,
    ],
  ])("%s", (...[, status, what, command]) => {
    const [first, ...others] = ofStatus(status);
    expect(others).toEqual([]);
    expect(first?.what).toMatch(what);
    expect(first?.commands.at(-1)).toMatch(command);
  });

  test("a name that a shell would take apart is quoted", () => {
    const machineSets = [machineSetStatus("a; rm -rf ~ 'x'", { state: "Failed", reason: "DatastoreFull" })];
    expect(ofStatus({ machineSets })[0]?.commands).toEqual([
      `kubectl bootwarden explain machineset/'a; rm -rf ~ '\\''x'\\'''`,
    ]);
  });

  test("a template that is not there is bootwarden's to mend in mode Manage, and urgent in mode Observe", () => {
    const status = { machineSets: [machineSetStatus("worker-a", { state: "Outdated", reason: "TemplateMissing" })] };
    expect(ofStatus(status)).toEqual([]);
    expect(ofStatus(status, { mode: "Observe" })[0]?.what).toMatch(
      /^worker-a: the next Machine fails \(TemplateMissing\)/,
    );
  });

  test("mode Observe with steps to take", () => {
    const status = {
      plan: [{ step: "Move", server: "v", template: "t", machineSet: "a" }],
      machineSets: [machineSetStatus("a", { state: "Outdated", reason: "Behind" })],
    };
    const [first] = ofStatus(status, { mode: "Observe" });
    expect(first?.what).toBe("1 MachineSet is behind the release. See what bootwarden would do, then let it.");
    expect(first?.commands[0]).toBe("kubectl bootwarden plan");
    expect(ofStatus(status)).toEqual([]);
  });

  test("no status, and no controller", () => {
    expect(given({ policy: policy({ status: null }) }).map(({ what }) => what)).toEqual([
      "The controller has not written a status yet: see whether it runs.",
    ]);
    const leader = { holder: "", renewedAt: "2026-11-26T09:00:00Z", duration: 15_000 };
    expect(given({ leader })[0]?.commands[0]).toBe("kubectl -n bootwarden get pods");
  });
});

test("nodes: each trouble once, and those that pass by themselves not at all", () => {
  const nodes = [
    node("a", "Updating", "NodeUpdating"),
    node("b", "Unknown", "NoReport"),
    node("c", "Mismatch", "OSImageMismatch"),
    node("d", "Mismatch", "OSImageMismatch"),
  ];
  const all = given({
    nodes,
    policy: policy({ status: { nodes: { total: 4, mismatch: 2, unknown: 1, updating: 1, verified: 0 } } }),
  });
  expect(all.map(({ commands }) => commands)).toEqual([
    ["kubectl bootwarden explain node/c"],
    [
      "kubectl -n bootwarden get pods -l app.kubernetes.io/name=bootwarden-agent -o wide --field-selector spec.nodeName=b",
    ],
  ]);
});

test("the most urgent comes first, five are told, and the rest is counted", () => {
  const machineSets = [
    machineSetStatus("c", { state: "Contested", reason: "Contested" }),
    machineSetStatus("f", { state: "Failed", reason: "DatastoreFull" }),
    machineSetStatus("g", { state: "Failed", reason: "NoUsableHost" }),
  ];
  const conditions = conditionsWith("VCentersReachable", "False", { reason: "LoginRefused", message: "x" });
  const halted = { message: "m", machine: "x", since: "2026-11-26T09:00:00Z", moved: [] };
  const nodes = [node("n", "Mismatch", "OSImageMismatch"), node("u", "Unknown", "ReportInvalid")];
  const all = given({ nodes, policy: policy({ status: { machineSets, conditions, rollout: { halted } } }) });
  expect(all.map(({ what }) => what.split(/[ :]/)[0])).toEqual(["The", "A", "f", "g", "c", "n", "u"]);
  const told = shown(adviceBlocks(all, false));
  expect(told).toContain("  5. c: make whoever takes moves back leave the template alone");
  expect(told).not.toContain("  6. ");
  expect(told).toContain("2 more things come up when these are done.");
});
