// The command `status`: one screen, once or again and again.
import { setTimeout as sleep } from "node:timers/promises";
import { advice } from "../advice.ts";
import type { Command } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Api } from "../kube/api.ts";
import { type Lack, lackBlocks, orLack } from "../lack.ts";
import { readLeader } from "../read-leader.ts";
import { readNodes } from "../read-nodes.ts";
import { requirePolicy } from "../require-policy.ts";
import type { Session } from "../session.ts";
import { asksForNodes, type StatusFacts } from "../status-facts.ts";
import { statusBlocks } from "../status-view.ts";
import { screen } from "../text/screen.ts";

export const status: Command = {
  name: "status",
  kind: "Look",
  arguments: [],
  flags: ["watch"],
  summary: "One screen: release, MachineSets, imports, verdicts, and what to do next.",
  about: [
    "What it shows is what the controller has written into the BootImagePolicy's status, and the verdicts on the Nodes. It never talks to vCenter.",
    "AGE is that of the boot image, by the date in its release. A template may be up to date and old: the release's own image is what counts.",
  ],
  examples: [
    { does: "Look", line: "kubectl bootwarden status" },
    { does: "Watch an import", line: "kubectl bootwarden status -w" },
    { does: "In a script: 0 nothing to do, 2 something to do", line: "kubectl bootwarden status >/dev/null; echo $?" },
  ],
  run: async ({ flags }, session) => {
    const api = await session.api();
    if (flags.watch !== undefined) return await watch(api, session);
    const { facts, lacks } = await look(api, session);
    await session.print([...statusBlocks(facts, session.look.width !== null), ...lackBlocks(lacks)]);
    return exitCode(facts, lacks);
  },
};

interface Seen {
  facts: StatusFacts;
  lacks: Lack[];
}

async function look(api: Api, session: Session): Promise<Seen> {
  const lacks: Lack[] = [];
  const policy = await requirePolicy(api);
  const [nodes, leader] = await Promise.all([
    asksForNodes(policy) ? orLack(lacks, "Which nodes are in trouble", () => readNodes(api)) : null,
    orLack(lacks, "Whether a controller is at work", () => readLeader(api)),
  ]);
  return { facts: { policy, nodes, leader, now: session.now() }, lacks };
}

function exitCode(facts: StatusFacts, lacks: readonly Lack[]): ExitCode {
  if (advice(facts).length > 0) return exitCodes.attention;
  return lacks.length > 0 ? exitCodes.noPermission : exitCodes.done;
}

/** Milliseconds between two looks. */
const pace = 2_000;

/** On a terminal each screen takes the place of the one before; into a file only what is new is written. */
async function watch(api: Api, session: Session): Promise<ExitCode> {
  const end = AbortSignal.any([session.signal, session.unread]);
  let last = "";
  while (!end.aborted) {
    const { facts, lacks } = await look(api, session);
    const shown = screen([...statusBlocks(facts, session.look.width !== null), ...lackBlocks(lacks)], session.look);
    const rows = session.rows();
    if (rows !== null) await session.write(`\u001b[H\u001b[J${fitting(shown, rows)}`);
    else if (shown !== last) await session.write(last === "" ? shown : `---\n${shown}`);
    last = shown;
    await sleep(pace, undefined, { signal: end }).catch(() => undefined);
  }
  return exitCodes.done;
}

function fitting(shown: string, rows: number): string {
  const lines = shown.split("\n");
  if (lines.length <= rows) return shown;
  return `${lines.slice(0, Math.max(1, rows - 2)).join("\n")}\n… ${lines.length - rows + 2} lines more: make the window taller.\n`;
}
