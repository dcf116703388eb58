// The screen of `status` in trouble: which of it comes first, and in what words.
import { describe, expect, test } from "vitest";
import type { StatusFacts } from "../../cli/status-facts.ts";
import { asksForNodes } from "../../cli/status-facts.ts";
import { statusBlocks } from "../../cli/status-view.ts";
import { widthOf } from "../../cli/text/width.ts";
import { conditionsWith, facts, machineSetStatus, node, now, policy, shown } from "./facts.ts";

const view = (change: Partial<StatusFacts> = {}, width: number | null = null) =>
  shown(statusBlocks(facts(change), width !== null), width);

describe("trouble of MachineSets", () => {
  test("comes first, each with its reason", () => {
    const machineSets = [
      machineSetStatus("worker-a"),
      machineSetStatus("worker-b", {
        state: "Skipped",
        managedBy: "Nobody",
        reason: "OnHold",
        message: "Remove the annotation.",
      }),
      machineSetStatus("worker-c", { state: "Failed", reason: "DatastoreFull", message: "ds-1 has 1 GB free." }),
      machineSetStatus("worker-d", {
        state: "Outdated",
        reason: "Behind",
        message: "It has 9.6.",
        release: "9.6.20261028-0",
      }),
      machineSetStatus("worker-e", { state: "Strange", reason: "New", message: "Of a later version." }),
    ];
    const told = view({ policy: policy({ status: { machineSets } }) });
    expect([...told.matchAll(/^worker-(\w) /gm)].map(([, letter]) => letter)).toEqual(["c", "d", "e", "a", "b"]);
    expect(told).toContain("\n  DatastoreFull: ds-1 has 1 GB free.\n");
    expect(told).toContain("\n  OnHold: Remove the annotation. (kubectl bootwarden resume worker-b)\n");
    expect(told).toMatch(/worker-d .* Outdated .* 9\.6\.20261028-0 +29 days/);
  });

  test("of many only as many are shown as a screen holds", () => {
    const machineSets = Array.from({ length: 40 }, (_, at) =>
      machineSetStatus(`worker-${String(at).padStart(2, "0")}`),
    );
    const told = view({ policy: policy({ status: { machineSets } }) });
    expect(told.match(/^worker-/gm)).toHaveLength(15);
    expect(told).toContain("and 25 more: 25 UpToDate; the target is 9.8.20261116-0.");
  });
});

describe("trouble of nodes", () => {
  const nodes = { total: 5000, verified: 4990, updating: 4, mismatch: 1, unknown: 5, notApplicable: 0 };
  const rows = [
    node("n9", "Mismatch", "OSImageMismatch"),
    ...["u1", "u2", "u3", "u4"].map((name) => node(name, "Unknown", "NoReport")),
    node("u5", "Unknown", "AgentError/DBusDenied"),
    ...Array.from({ length: 4 }, (_, at) => node(`m${at}`, "Updating", "PoolPaused")),
    ...Array.from({ length: 4990 }, (_, at) => node(`v${at}`, "Verified", "DigestMatch")),
  ];

  test("is one line for each reason, with names and a word on it", () => {
    const told = view({ policy: policy({ status: { nodes } }), nodes: rows });
    expect(told).toContain("Nodes  5000 in all: 4990 Verified, 4 Updating, 1 Mismatch, 5 Unknown");
    expect(told).toContain("  Mismatch  OSImageMismatch: n9. The node runs another OS image than its pool asks for");
    expect(told).toContain("  Unknown   NoReport: u1, u2, u3 and 1 more. No agent has reported on the node");
    expect(told).toContain("  Unknown   AgentError/DBusDenied: u5. D-Bus refuses the agent");
    expect(told).toContain("  Updating  PoolPaused: m0, m1, m2 and 1 more. The pool has a newer configuration");
    expect([...told.matchAll(/^ {2}(\w+) +(\w+)/gm)].slice(0, 4).map(([, ...words]) => words.join(" "))).toEqual([
      "Mismatch OSImageMismatch",
      "Unknown NoReport",
      "Unknown AgentError",
      "Updating PoolPaused",
    ]);
    expect(told.split("\n").length).toBeLessThan(40);
  });

  test("where Nodes cannot be listed is what the condition says", () => {
    const conditions = conditionsWith("NodesVerified", "False", {
      reason: "NotAllVerified",
      message: "4990 of 5000 nodes Verified (n9: OSImageMismatch, and 9 more)",
    });
    const told = view({ policy: policy({ status: { nodes, conditions } }) });
    expect(told).toContain("  4990 of 5000 nodes Verified (n9: OSImageMismatch, and 9 more)\n");
    expect(told).toContain("kubectl bootwarden nodes --verdict=Mismatch,Unknown");
  });

  test.each([
    [{ nodes: { ...nodes } }, true],
    [{ nodes: { ...nodes, updating: 0, mismatch: 0, unknown: 0 } }, false],
    [{ nodes: undefined }, true],
  ])("asks for the Nodes only where there is any: %j", (status, asked) => {
    expect(asksForNodes(policy({ status }))).toBe(asked);
  });
});

describe("banners", () => {
  test("of a halt, a contest, a takeover and a controller that is gone", () => {
    const halted = {
      reason: "NewMachineFailed",
      message: "Machine m ended Failed.",
      machine: "m",
      since: "2026-11-26T09:00:00Z",
      moved: [],
    };
    const contested = { times: 3, manager: "argocd-controller", last: "2026-11-26T11:30:00Z" };
    const machineSets = [machineSetStatus("worker-a", { state: "Contested", reason: "Contested", contested })];
    const conditions = conditionsWith("TakeoverAhead", "True", {
      reason: "TakeoverAhead",
      message: "The upgrade to 4.22 enrols all.",
    });
    const told = view({
      policy: policy({ status: { rollout: { halted }, machineSets, conditions } }),
      leader: { holder: "pod-1", renewedAt: "2026-11-26T07:00:00Z", duration: 15_000 },
    });
    expect(told).toContain("STALE     No controller is at work: its Lease was last renewed 5h ago.");
    expect(told).toContain("HALTED    since 3h. Machine m ended Failed.\n");
    expect(told).toContain(
      "CONTESTED worker-a: argocd-controller took bootwarden's move back 3 times, last 30m ago. It is left to them.\n",
    );
    expect(told).toContain("TAKEOVER  The upgrade to 4.22 enrols all.\n");
  });

  test("of a change that was not taken up", () => {
    const leader = { holder: "pod-1", renewedAt: new Date(now - 5_000).toISOString(), duration: 15_000 };
    const stale = policy({ status: { observedGeneration: 2 } });
    expect(view({ policy: stale, leader })).toContain(
      "STALE     The controller has not taken up the policy's last change yet (generation 3, seen 2): what it says below is of before.",
    );
    expect(view({ leader })).not.toContain("STALE");
  });
});

describe("on a terminal", () => {
  const hostile = "\u001b[2J\nKubernetes \u202e‮ is fine \u0007".repeat(20);
  const machineSets = [
    machineSetStatus("worker-a", {
      state: "Failed",
      reason: hostile,
      message: hostile,
      template: hostile,
      release: hostile,
    }),
    machineSetStatus(`w${"x".repeat(200)}`),
  ];
  const change = {
    policy: policy({
      status: {
        machineSets,
        platform: { message: hostile },
        nodes: { total: 1, verified: 0, mismatch: 1, updating: 0, unknown: 0, notApplicable: 0 },
      },
    }),
    nodes: [{ ...node("n", "Mismatch", hostile), name: hostile }],
  };

  test.each([20, 40, 60, 80, 100, 132, 250])(
    "of %i columns nothing but commands is wider, and nothing hostile gets through",
    (width) => {
      const told = view(change, width);
      for (const line of told.split("\n")) {
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        if (!/^ {5}kubectl/.test(line)) expect(widthOf(line)).toBeLessThanOrEqual(width);
      }
    },
  );
});
