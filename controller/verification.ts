// The verification: every Node judged, again and again, and the verdict written where it changed.
import { nodeAnnotations, nodeLabels } from "../common/annotations.ts";
import type { Bell } from "../common/bell.ts";
import { failureOf } from "../common/failure.ts";
import type { Log } from "../common/log.ts";
import type { ClusterState } from "./cluster/cluster-state.ts";
import type { Tell } from "./cluster/event.ts";
import { aboutNode } from "./cluster/involved.ts";
import type { Kube } from "./cluster/kube.ts";
import type { MachineConfigs } from "./cluster/machine-configs.ts";
import type { MachineObject } from "./cluster/machine-objects.ts";
import type { AgentPod, NodeObject } from "./cluster/node-objects.ts";
import { type VerdictPatch, verdictPatch, writeVerdict } from "./cluster/node-verdict.ts";
import { type BootImageCheck, isJudged, type MachineTemplate, type StandingCheck } from "./decide/boot-image-check.ts";
import { type Candidate, settle } from "./decide/settle.ts";
import { troubleOf } from "./decide/trouble.ts";
import { judge, type Verdict } from "./decide/verdict.ts";

export interface VerificationParts {
  kube: Kube;
  state: ClusterState;
  machineConfigs: MachineConfigs;
  /** Whether the vCenters have been asked once: verdicts of half the facts would be written and taken back. */
  surveyed: () => boolean;
  /** What vCenter was last seen to hold under the Machine's template. */
  templateOf: (machine: MachineObject) => MachineTemplate | null;
  tell: Tell;
  log: Log;
  bell: Bell;
  /** The verdict of record by Node, as last published: filled in here. */
  verdicts: Map<string, Verdict>;
  /** Called after each pass. */
  judged: () => void;
  confirmMismatch: number;
  resync: number;
  signal: AbortSignal;
}

export interface Verification {
  /** The verdict of record by Node, as last published. */
  verdicts: ReadonlyMap<string, Verdict>;
  /** Runs until the signal. */
  run: () => Promise<void>;
}

interface Memory {
  verdicts: Map<string, Verdict>;
  candidates: Map<string, Candidate>;
  /** When a Node was first seen without an agent's pod, in milliseconds. */
  missed: Map<string, number>;
  /** The last boot-image check by Node, and the Machine and boot that it was of. */
  checks: Map<string, BootImageCheck & { of: string }>;
}

export function createVerification(parts: VerificationParts): Verification {
  const { verdicts } = parts;
  const memory: Memory = { verdicts, candidates: new Map(), missed: new Map(), checks: new Map() };
  const run = async () => {
    let again = 0;
    while (!parts.signal.aborted) {
      await parts.bell.heard(parts.signal, again);
      if (parts.signal.aborted) return;
      again = await pass(parts, memory).catch((error: unknown) => {
        if (!parts.signal.aborted) parts.log.error(failureOf(error), "the nodes could not be judged; tried again");
        return 5_000;
      });
    }
  };
  return { verdicts: memory.verdicts, run };
}

/** Judges every Node; resolves with the milliseconds after which it is worth to do it again. */
async function pass(parts: VerificationParts, memory: Memory): Promise<number> {
  const { state } = parts;
  if (!state.synced() || !parts.surveyed()) return 200;
  const nodes = [...state.nodes.items.values()];
  forget(memory, new Set(nodes.map(({ name }) => name)));
  const configs = nodes.flatMap((node) => node.annotations["machineconfiguration.openshift.io/currentConfig"] ?? []);
  await parts.machineConfigs.learn(new Set(configs));
  const machines = new Map([...state.machines.items.values()].map((machine) => [machine.node, machine]));
  const pods = Map.groupBy(state.pods.items.values(), (pod) => pod.node);
  let again = parts.resync;
  for (const node of nodes) {
    const around = { node, machine: machines.get(node.name), pods: pods.get(node.name) ?? [] };
    again = Math.min(again, (await evaluate(parts, memory, around)) ?? again);
  }
  parts.judged();
  return again;
}

interface Around {
  node: NodeObject;
  machine: MachineObject | undefined;
  pods: readonly AgentPod[];
}

/** Resolves with the milliseconds after which this node is to be judged again; null: after the next change. */
async function evaluate(
  parts: VerificationParts,
  memory: Memory,
  { node, machine, pods }: Around,
): Promise<number | null> {
  const now = Date.now();
  const of = `${machine?.uid} ${node.bootID}`;
  const verdict = judge({
    node,
    machine: machine ? { ...machine, template: machine.provider?.template ?? "" } : null,
    template: machine ? parts.templateOf(machine) : null,
    standing: standing(memory, of, node),
    agentPod: agentPod(memory, { node: node.name, pods, now }),
    pools: [...parts.state.pools.items.values()],
    machineConfigs: parts.machineConfigs.known,
    machineOSConfigs: [...parts.state.osConfigs.items.values()],
    now,
  });
  const previous = memory.candidates.get(node.name) ?? null;
  const { bootImageCheck: check, bootImageMessage: message } = verdict;
  if (check !== null && message !== null) memory.checks.set(node.name, { of, check, message });
  // A Mismatch that stands on the Node was confirmed before this program started.
  const confirmed = node.written[nodeLabels.verdict] === "Mismatch";
  const settled = settle(previous, verdict, { now, confirmAfterMs: confirmed ? 0 : parts.confirmMismatch });
  if (settled.keep === null) memory.candidates.delete(node.name);
  else memory.candidates.set(node.name, settled.keep);
  if (settled.publish === null) return settled.again;
  memory.verdicts.set(node.name, settled.publish);
  return (await publish(parts, node, settled.publish)) ? null : 5_000;
}

/** Resolves with whether the verdict now stands on the Node. */
async function publish(parts: VerificationParts, node: NodeObject, verdict: Verdict): Promise<boolean> {
  const patch = verdictPatch(node, verdict);
  if (patch === undefined) return true;
  try {
    await writeVerdict(parts.kube, node.name, patch);
  } catch (error) {
    if (!parts.signal.aborted)
      parts.log.warn({ node: node.name, ...failureOf(error) }, "a verdict could not be written");
    return false;
  }
  // Until the API server's news of it comes, this is what stands on the Node.
  node.written = mended(node.written, patch);
  parts.log.info({ node: node.name, verdict: verdict.verdict, reason: verdict.reason }, verdict.message);
  const reason = troubleOf(verdict);
  if (reason === null || patch.metadata.annotations[nodeAnnotations.verdictReason] === undefined) return true;
  await parts.tell(aboutNode(node), { type: "Warning", reason, message: verdict.message });
  return true;
}

function standing({ checks }: Memory, of: string, node: NodeObject): StandingCheck | null {
  const last = checks.get(node.name);
  if (last !== undefined) return last.of === of ? { ...last, remembered: true } : null;
  // After a restart the Node itself says what was judged: nobody but the controller can write that.
  const check = node.written[nodeAnnotations.bootImageCheck];
  return isJudged(check) ? { check, message: "judged before the controller's restart", remembered: false } : null;
}

function mended(written: Record<string, string>, { metadata }: VerdictPatch): Record<string, string> {
  const all = Object.entries({ ...written, ...metadata.labels, ...metadata.annotations });
  return Object.fromEntries(all.flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
}

function agentPod({ missed }: Memory, { node, pods, now }: { node: string; pods: readonly AgentPod[]; now: number }) {
  const pod = pods.find(({ ready }) => ready) ?? pods[0];
  if (pod !== undefined) {
    missed.delete(node);
    return pod;
  }
  const since = missed.get(node) ?? now;
  missed.set(node, since);
  return { ready: false, since };
}

function forget(memory: Memory, present: ReadonlySet<string>): void {
  for (const map of Object.values(memory)) {
    for (const name of map.keys()) if (!present.has(name)) map.delete(name);
  }
}
