// The command `plan`: what Manage mode would do now.
import { staleBanner } from "../banners.ts";
import type { Command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { isBehind, planBlocks } from "../plan-view.ts";
import { preflightBlocks } from "../preflight-view.ts";
import { readLeaderIfAllowed } from "../read-leader.ts";
import { requirePolicy, requireStatus } from "../require-policy.ts";
import { gap } from "../text/screen.ts";

export const plan: Command = {
  name: "plan",
  kind: "Look",
  arguments: [],
  flags: ["preflight"],
  summary: "What mode Manage would do now, step by step, and why not more.",
  about: [
    "The controller works the steps out, whatever the mode, and writes them into the policy's status; this prints them. Nothing is changed.",
    "With --preflight: the check-list for the first run on a real vCenter, with what the policy's conditions tell already.",
  ],
  examples: [
    { does: "Look before you set mode Manage", line: "kubectl bootwarden plan" },
    { does: "In a script: 0 nothing to do, 2 there are steps", line: "kubectl bootwarden plan >/dev/null; echo $?" },
    { does: "Before the first run on a real vCenter", line: "kubectl bootwarden plan --preflight" },
  ],
  run: async ({ flags }, session) => {
    const api = await session.api();
    const [policy, leader] = await Promise.all([requirePolicy(api), readLeaderIfAllowed(api)]);
    const stale = [...staleBanner({ policy, leader, now: session.now() }), gap];
    if (flags.preflight !== undefined) {
      await session.print([...stale, ...preflightBlocks(policy.status)]);
      return exitCodes.done;
    }
    const status = requireStatus(policy);
    await session.print([...stale, ...planBlocks(policy, status)]);
    if (status.plan === undefined) return exitCodes.failed;
    return isBehind(status) ? exitCodes.attention : exitCodes.done;
  },
};
