// The chain, broken or waiting between the Machine and the verdict.
import { expect, test } from "vitest";
import type { NodeChainFacts } from "../../../cli/explain/facts.ts";
import { nodeChain } from "../../../cli/explain/node-chain.ts";
import { chainBlocks, isBroken } from "../../../cli/explain/view.ts";
import { reasons } from "../../../common/reasons.ts";
import { shown } from "../facts.ts";
import { bootedDigest, machine, node, nodeChainFacts, report } from "./chains.ts";

const chain = (change: Partial<NodeChainFacts> = {}) => nodeChain(nodeChainFacts(change));
const other = `sha256:${"916d56e3".repeat(8)}`;
const verdict = (word: string, reason: string) =>
  node(
    { "bootwarden.io/verdict-reason": reason, "bootwarden.io/verdict-message": "m" },
    { "bootwarden.io/verdict": word },
  );

test.each<[string, Partial<NodeChainFacts>, string, string, string]>([
  [
    "the Machine failed",
    { machine: { ...machine, phase: "Failed", error: "no such network" } },
    "Broken",
    "Machine",
    "Mend what its error names, then delete it: its MachineSet makes another one.",
  ],
  [
    "the Machine is on its way",
    { machine: { ...machine, phase: "Provisioning" }, node: undefined },
    "Waits",
    "Machine",
    "",
  ],
  ["there is no report", { node: node({ "agent.bootwarden.io/report": null }) }, "Broken", "Report", reasons.NoReport],
  [
    "the report is no report",
    { node: node({ "agent.bootwarden.io/report": "{" }) },
    "Broken",
    "Report",
    reasons.ReportInvalid,
  ],
  [
    "the report is of another boot",
    { node: node({ "agent.bootwarden.io/report": report({ bootID: "boot-0" }) }) },
    "Broken",
    "Report",
    reasons.ReportOfOtherBoot,
  ],
  [
    "the agent failed",
    { node: node({ "agent.bootwarden.io/report": report({ error: { reason: "DBusDenied", message: "denied" } }) }) },
    "Broken",
    "Report",
    reasons.DBusDenied,
  ],
  [
    "the disk is of another release",
    { node: node({ "bootwarden.io/boot-image-check": "Mismatch" }) },
    "Broken",
    "Boot image",
    reasons.BootImageMismatch,
  ],
  [
    "the pool is ambiguous",
    {
      pools: [nodeChainFacts().pools ?? []].flat().flatMap((pool) => [
        { ...pool, name: "x" },
        { ...pool, name: "y" },
      ]),
    },
    "Broken",
    "MachineConfigPool",
    reasons.NoExpectation,
  ],
  ["no pool has it", { pools: [] }, "Waits", "MachineConfigPool", reasons.Joining],
  [
    "the pool has gone on",
    { pools: [nodeChainFacts().pools ?? []].flat().map((pool) => ({ ...pool, configuration: "rendered-2" })) },
    "Waits",
    "MachineConfigPool",
    reasons.WaitingForPool,
  ],
  [
    "the pool is paused",
    {
      pools: [nodeChainFacts().pools ?? []]
        .flat()
        .map((pool) => ({ ...pool, configuration: "rendered-2", paused: true })),
    },
    "Waits",
    "MachineConfigPool",
    reasons.PoolPaused,
  ],
  ["the MachineConfig is gone", { osImageURL: undefined }, "Broken", "MachineConfig", reasons.NoExpectation],
  [
    "the MachineConfig pins nothing",
    { osImageURL: "quay.io/x:latest" },
    "Broken",
    "MachineConfig",
    reasons.NoExpectation,
  ],
  [
    "another image is booted",
    { node: node({ "agent.bootwarden.io/report": report({ booted: bootedDigest(other) }) }) },
    "Broken",
    "OS image",
    reasons.OSImageMismatch,
  ],
  [
    "the controller says Mismatch",
    { node: verdict("Mismatch", "OSImageMismatch") },
    "Broken",
    "Verdict",
    reasons.OSImageMismatch,
  ],
  [
    "the controller says Unknown",
    { node: verdict("Unknown", "AgentError/TimedOut") },
    "Broken",
    "Verdict",
    reasons.TimedOut,
  ],
  [
    "the controller says Updating",
    { node: verdict("Updating", "NodeUpdating") },
    "Waits",
    "Verdict",
    reasons.NodeUpdating,
  ],
])("%s", (...[, change, standing, object, todo]) => {
  const first = chain(change).find((link) => link.standing !== "Holds");
  expect(first).toMatchObject({ standing, object: expect.stringMatching(new RegExp(`^${object}`)) });
  expect(first?.todo ?? "").toBe(todo);
  expect(isBroken(chain(change))).toBe(
    standing === "Broken" || chain(change).some((link) => link.standing === "Broken"),
  );
});

test("and the view says where first", () => {
  const told = shown(
    chainBlocks(
      "Node worker-a-1",
      chain({ node: node({ "agent.bootwarden.io/report": report({ booted: bootedDigest(other) }) }) }),
    ),
  );
  expect(told).toContain("  BROKEN OS image: does the node run what its pool asks for?\n");
  expect(told).toContain(`         do: ${reasons.OSImageMismatch}\n`);
  expect(told).toMatch(/The chain is broken first at: OS image: does the node run what its pool asks for\?\n$/);
});
