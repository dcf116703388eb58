// The verification: every Node judged when something changed that its verdict depends on.
import { setImmediate as breathe } from "node:timers/promises";
import { nodeAnnotations, nodeLabels } from "../common/annotations.ts";
import { Bell } from "../common/bell.ts";
import { failureOf } from "../common/failure.ts";
import type { Log } from "../common/log.ts";
import type { ClusterState } from "./cluster/cluster-state.ts";
import { type MachineConfigs, patience } from "./cluster/machine-configs.ts";
import type { MachineObject } from "./cluster/machine-objects.ts";
import type { AgentPod, NodeObject } from "./cluster/node-objects.ts";
import { verdictPatch } from "./cluster/node-verdict.ts";
import { type MachineTemplate, type StandingCheck, writtenCheck } from "./decide/boot-image-check.ts";
import { machineConfigAnnotations } from "./decide/machine-config.ts";
import { settle } from "./decide/settle.ts";
import { agentPatience, judge, type Verdict } from "./decide/verdict.ts";
import type { Metrics } from "./metrics.ts";
import { createNodeMemory, type NodeMemory, type Remembered } from "./node-memory.ts";
import { createSchedule, type Schedule } from "./schedule.ts";
import { createVerdictWriter, type VerdictWriterParts } from "./verdict-writer.ts";

export interface VerificationParts extends Omit<VerdictWriterParts, "state" | "verdictOf"> {
  state: ClusterState;
  machineConfigs: MachineConfigs;
  /** Whether the vCenters have been asked once: verdicts of half the facts would be written and taken back. */
  surveyed: () => boolean;
  /** What vCenter was last seen to hold under the Machine's template. */
  templateOf: (machine: MachineObject) => MachineTemplate | null;
  metrics: Metrics;
  log: Log;
  /** The verdict of record by Node, as last published: filled in here. */
  verdicts: Map<string, Verdict>;
  /** Called after each pass in which a verdict of record changed. */
  judged: () => void;
  confirmMismatch: number;
  resync: number;
  signal: AbortSignal;
}

export interface Verification {
  /** Whether all Nodes have been judged once. */
  complete: () => boolean;
  /** Something changed that the verdicts on these Nodes depend on; none: that all of them depend on, perhaps. */
  look: (nodes: readonly string[] | "all") => void;
  /** Runs until the signal. */
  run: () => Promise<void>;
}

/** Nodes that are judged before others get their turn of the event loop. */
const batch = 100;

interface Memory {
  nodes: NodeMemory;
  due: Schedule;
  /** Milliseconds: when all are judged again, whatever was heard. */
  resyncAt: number;
  complete: boolean;
}

export function createVerification(parts: VerificationParts): Verification {
  const { verdicts } = parts;
  const memory: Memory = { nodes: createNodeMemory(verdicts), due: createSchedule(), resyncAt: 0, complete: false };
  const bell = new Bell();
  const writer = createVerdictWriter({ ...parts, verdictOf: (name) => verdicts.get(name) });
  const look = (nodes: Iterable<string> | "all") => {
    for (const name of nodes === "all" ? parts.state.nodes.items.keys() : nodes) memory.due.add(name, 0);
    bell.ring();
  };
  const loop = async () => {
    let again = 0;
    while (!parts.signal.aborted) {
      await bell.heard(parts.signal, again);
      if (parts.signal.aborted) return;
      again = await pass(parts, memory, writer.look);
    }
  };
  const run = async () => {
    await Promise.all([loop(), writer.run()]);
  };
  return { complete: () => memory.complete, look, run };
}

/** Judges the Nodes that are due; resolves with the milliseconds after which it is worth to do it again. */
async function pass(parts: VerificationParts, memory: Memory, write: (node: string) => void): Promise<number> {
  const { state } = parts;
  if (!state.synced() || !parts.surveyed()) return 200;
  if (Date.now() >= memory.resyncAt) {
    memory.resyncAt = Date.now() + parts.resync;
    for (const name of state.nodes.items.keys()) memory.due.add(name, 0);
    parts.machineConfigs.keepOnly(configsOf(state, state.nodes.items.keys()));
  }
  const names = memory.due.take();
  try {
    await judgeAll(parts, memory, { names, write });
    if (!memory.complete) {
      memory.complete = true;
      parts.log.info({ nodes: state.nodes.items.size }, "All Nodes have been judged once.");
      parts.judged();
    }
  } catch (error) {
    for (const name of names) memory.due.add(name, 5_000);
    if (!parts.signal.aborted) parts.log.error(failureOf(error), "The nodes could not be judged; tried again.");
  }
  return Math.min(memory.due.next() ?? parts.resync, Math.max(0, memory.resyncAt - Date.now()));
}

interface Due {
  names: readonly string[];
  write: (node: string) => void;
}

async function judgeAll(parts: VerificationParts, memory: Memory, { names, write }: Due): Promise<void> {
  const { state, machineConfigs, metrics } = parts;
  await machineConfigs.learn(configsOf(state, names));
  const stop = metrics.startEvaluation(names.length >= state.nodes.items.size ? "All" : "Some");
  const sources = {
    pools: [...state.pools.items.values()],
    machineConfigs: machineConfigs.known,
    machineOSConfigs: [...state.osConfigs.items.values()],
  };
  let news = false;
  try {
    for (const [index, name] of names.entries()) {
      if (index % batch === batch - 1) await breathe();
      const node = state.nodes.items.get(name);
      if (node === undefined ? memory.nodes.forget(name) : evaluate(parts, memory, { node, sources })) news = true;
      const verdict = parts.verdicts.get(name);
      if (node && verdict && verdictPatch(node, verdict)) write(name);
    }
  } finally {
    // What was found before a failure is told all the same: it is no news any more when they are judged again.
    if (news) parts.judged();
  }
  if (names.length > 0) stop();
}

function configsOf({ nodes }: ClusterState, names: Iterable<string>): Set<string> {
  const configs = new Set<string>();
  for (const name of names) {
    const config = machineConfigAnnotations(nodes.items.get(name)?.annotations ?? {}).currentConfig;
    if (config !== "") configs.add(config);
  }
  return configs;
}

interface Evaluated {
  node: NodeObject;
  sources: Pick<Parameters<typeof judge>[0], "pools" | "machineConfigs" | "machineOSConfigs">;
}

/** Judges one Node, and sees to it that it is judged again when that is worth it. True if the verdict of record is another. */
function evaluate(parts: VerificationParts, { nodes, due }: Memory, { node, sources }: Evaluated): boolean {
  const now = Date.now();
  const known = nodes.of(node);
  const machine = parts.state.machinesOf(node.name).at(-1);
  const of = `${machine?.uid} ${node.bootID}`;
  const pod = agentPod(known, parts.state.podsOf(node.name), now);
  const verdict = judge({
    ...sources,
    node,
    machine: machine ? { ...machine, template: machine.provider?.template ?? "" } : null,
    template: machine ? parts.templateOf(machine) : null,
    standing: standing(known, of, { node, machine }),
    agentPod: pod,
    now,
  });
  const { bootImageCheck: check, bootImageMessage: message } = verdict;
  if (check !== null && message !== null) known.check = { of, check, message };
  // A Mismatch that stands on the Node was confirmed before this program started.
  const confirmed = node.written[nodeLabels.verdict] === "Mismatch";
  const settled = settle(known.candidate, verdict, { now, confirmAfterMs: confirmed ? 0 : parts.confirmMismatch });
  known.candidate = settled.keep;
  const { currentConfig } = machineConfigAnnotations(node.annotations);
  const waits = [
    settled.again,
    pod.ready ? null : pod.since + agentPatience - now,
    currentConfig === "" || sources.machineConfigs.has(currentConfig) ? null : patience,
  ];
  for (const wait of waits) if (wait !== null && wait > 0) due.add(node.name, wait);
  return settled.publish !== null && nodes.publish(node.name, settled.publish);
}

interface Seen {
  node: NodeObject;
  machine: MachineObject | undefined;
}

function standing({ check: last }: Remembered, of: string, { node, machine }: Seen): StandingCheck | null {
  if (last !== null) return last.of === of ? { ...last, remembered: true } : null;
  return writtenCheck(node.written[nodeAnnotations.bootImageCheck], node, machine ?? null);
}

function agentPod(known: Remembered, pods: readonly AgentPod[], now: number): { ready: boolean; since: number } {
  const pod = pods.find(({ ready }) => ready) ?? pods[0];
  known.missedSince = pod === undefined ? (known.missedSince ?? now) : null;
  return pod ?? { ready: false, since: known.missedSince ?? now };
}
