// The verdict writer: brings the verdict of record onto the Nodes where something else stands, some at a time.
import { nodeAnnotations } from "../common/annotations.ts";
import { backoff } from "../common/backoff.ts";
import { Bell } from "../common/bell.ts";
import { failureOf } from "../common/failure.ts";
import type { Log } from "../common/log.ts";
import type { ClusterState } from "./cluster/cluster-state.ts";
import type { Tell } from "./cluster/event.ts";
import { aboutNode } from "./cluster/involved.ts";
import type { Kube } from "./cluster/kube.ts";
import { KubeError } from "./cluster/kube-error.ts";
import type { NodeObject } from "./cluster/node-objects.ts";
import { verdictPatch, writeVerdict } from "./cluster/node-verdict.ts";
import { troubleOf } from "./decide/trouble.ts";
import type { Verdict } from "./decide/verdict.ts";
import { createSchedule, type Schedule } from "./schedule.ts";

export interface VerdictWriterParts {
  kube: Kube;
  state: Pick<ClusterState, "nodes">;
  /** The verdict of record. */
  verdictOf: (node: string) => Verdict | undefined;
  tell: Tell;
  log: Log;
  signal: AbortSignal;
}

export interface VerdictWriter {
  /** The verdict on this Node, or what stands on it, may have changed. */
  look: (node: string) => void;
  /** Runs until the signal. */
  run: () => Promise<void>;
}

interface Memory {
  schedule: Schedule;
  bell: Bell;
  /** How often in a row a Node was refused. */
  refusals: Map<string, number>;
  /** When something was last written on a Node, in milliseconds; those of the last moment are enough. */
  writtenAt: Map<string, number>;
  /** The change of which no Event tells yet, by Node: the answer to its write may have been lost. */
  untold: Map<string, string>;
  outages: number;
  /** Milliseconds: while the API server is in trouble, nothing is written before. */
  restUntil: number;
}

/** Writes at a time: enough to hide the API server's answer times, few enough for its priority levels. */
const together = 8;
/** Milliseconds from one write on a Node to the next: whoever is root there can change its report as often as he likes. */
const pace = 1_000;

export function createVerdictWriter(parts: VerdictWriterParts): VerdictWriter {
  const memory: Memory = {
    schedule: createSchedule(),
    bell: new Bell(),
    refusals: new Map(),
    writtenAt: new Map(),
    untold: new Map(),
    outages: 0,
    restUntil: 0,
  };
  return {
    look: (node) => {
      memory.schedule.add(node, 0);
      memory.bell.ring();
    },
    run: () => run(parts, memory),
  };
}

async function run(parts: VerdictWriterParts, memory: Memory): Promise<void> {
  const { schedule, bell } = memory;
  const active = new Map<string, Promise<void>>();
  const begin = (name: string) => {
    // One after the other on the same Node.
    const rest = active.has(name) ? pace : (memory.writtenAt.get(name) ?? 0) + pace - Date.now();
    if (rest > 0) return schedule.add(name, rest);
    const end = bring(parts, memory, name).finally(() => {
      active.delete(name);
      bell.ring();
    });
    active.set(name, end);
  };
  while (!parts.signal.aborted) {
    for (const [name, at] of memory.writtenAt) if (at + pace <= Date.now()) memory.writtenAt.delete(name);
    const rest = Math.max(0, memory.restUntil - Date.now());
    const next = active.size >= together ? null : schedule.next();
    await bell.heard(parts.signal, next === null ? undefined : Math.max(rest, next));
    if (Date.now() >= memory.restUntil) for (const name of schedule.take(together - active.size)) begin(name);
  }
  await Promise.all(active.values());
}

/** Writes where that is needed. Never throws: what fails is tried again. */
async function bring(parts: VerdictWriterParts, memory: Memory, name: string): Promise<void> {
  const node = parts.state.nodes.items.get(name);
  const verdict = parts.verdictOf(name);
  if (node === undefined || verdict === undefined) return forget(memory, name);
  try {
    const said = await write(parts, memory, { node, verdict });
    memory.outages = 0;
    if (said) return forget(memory, name);
    memory.schedule.add(name, refused(memory, name));
  } catch (error) {
    if (!parts.signal.aborted) memory.schedule.add(name, restAfter(parts, memory, { name, error }));
  }
}

function forget({ refusals, untold }: Memory, name: string): void {
  refusals.delete(name);
  untold.delete(name);
}

interface Judged {
  node: NodeObject;
  verdict: Verdict;
}

/** Resolves with whether everything is written, the Event that tells of it too. */
async function write(
  parts: VerdictWriterParts,
  { untold, writtenAt }: Memory,
  { node, verdict }: Judged,
): Promise<boolean> {
  const change = `${node.uid} ${verdict.reason}`;
  const patch = verdictPatch(node, verdict);
  if (patch !== undefined) {
    if (patch.metadata.annotations[nodeAnnotations.verdictReason] !== undefined) untold.set(node.name, change);
    parts.state.nodes.learn(await writeVerdict(parts.kube, node, patch));
    writtenAt.set(node.name, Date.now());
    parts.log.info({ node: node.name, verdict: verdict.verdict, reason: verdict.reason }, verdict.message);
  }
  const reason = troubleOf(verdict);
  if (reason === null || untold.get(node.name) !== change) return true;
  return await parts.tell(aboutNode(node), { type: "Warning", reason, message: verdict.message });
}

/** Resolves with the milliseconds after which to try again. */
function restAfter(
  { log }: VerdictWriterParts,
  memory: Memory,
  { name, error }: { name: string; error: unknown },
): number {
  const said = { node: name, ...failureOf(error) };
  if (error instanceof KubeError && error.isOutage) {
    // Those that were under way together fail together.
    if (Date.now() < memory.restUntil) return 0;
    memory.outages += 1;
    const rest = Math.max(error.retryAfter, backoff(memory.outages, { first: 500, most: 15_000 }));
    memory.restUntil = Date.now() + rest;
    log.warn(said, "Verdicts could not be written; all are tried again.");
    return 0;
  }
  log.warn(said, "a verdict could not be written");
  return refused(memory, name);
}

/** Counts it; gives the milliseconds after which to try again. */
function refused({ refusals }: Memory, name: string): number {
  const times = (refusals.get(name) ?? 0) + 1;
  refusals.set(name, times);
  return backoff(times, { first: 5_000, most: 300_000 });
}
