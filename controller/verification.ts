// The verification: every Node judged, again and again, and the verdict written where it changed.
import { nodeLabels } from "../common/annotations.ts";
import type { Bell } from "../common/bell.ts";
import { failureOf } from "../common/failure.ts";
import type { Log } from "../common/log.ts";
import type { ClusterState } from "./cluster/cluster-state.ts";
import type { Tell } from "./cluster/event.ts";
import type { Kube } from "./cluster/kube.ts";
import type { MachineConfigs } from "./cluster/machine-configs.ts";
import type { MachineObject } from "./cluster/machine-objects.ts";
import type { NodeObject } from "./cluster/node-objects.ts";
import { verdictPatch, writeVerdict } from "./cluster/node-verdict.ts";
import type { MachineTemplate } from "./decide/boot-image-check.ts";
import { type Candidate, settle } from "./decide/settle.ts";
import { judge, type Verdict } from "./decide/verdict.ts";

export interface VerificationParts {
  kube: Kube;
  state: ClusterState;
  machineConfigs: MachineConfigs;
  /** What vCenter was last seen to hold under the Machine's template. */
  templateOf: (machine: MachineObject) => MachineTemplate | null;
  tell: Tell;
  log: Log;
  bell: Bell;
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
}

export function createVerification(parts: VerificationParts): Verification {
  const memory: Memory = { verdicts: new Map(), candidates: new Map(), missed: new Map() };
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
  if (!state.synced()) return 200;
  const nodes = [...state.nodes.items.values()];
  forget(memory, new Set(nodes.map(({ name }) => name)));
  const configs = nodes.flatMap((node) => node.annotations["machineconfiguration.openshift.io/currentConfig"] ?? []);
  await parts.machineConfigs.learn(new Set(configs));
  const machines = new Map([...state.machines.items.values()].map((machine) => [machine.node, machine]));
  let again = parts.resync;
  for (const node of nodes) {
    const left = await evaluate(parts, memory, { node, machine: machines.get(node.name) });
    again = Math.min(again, left ?? again);
  }
  parts.judged();
  return again;
}

async function evaluate(
  parts: VerificationParts,
  memory: Memory,
  { node, machine }: { node: NodeObject; machine: MachineObject | undefined },
): Promise<number | null> {
  const now = Date.now();
  const verdict = judge({
    node,
    machine: machine ? { ...machine, template: machine.provider?.template ?? "" } : null,
    template: machine ? parts.templateOf(machine) : null,
    agentPod: agentPod(parts, memory, { node: node.name, now }),
    pools: [...parts.state.pools.items.values()],
    machineConfigs: parts.machineConfigs.known,
    machineOSConfigs: [...parts.state.osConfigs.items.values()],
    now,
  });
  const previous = memory.candidates.get(node.name) ?? null;
  const settled = settle(previous, verdict, { now, confirmAfterMs: parts.confirmMismatch });
  if (settled.keep === null) memory.candidates.delete(node.name);
  else memory.candidates.set(node.name, settled.keep);
  if (settled.publish === null) return settled.again;
  memory.verdicts.set(node.name, settled.publish);
  await publish(parts, node, settled.publish);
  return null;
}

async function publish(parts: VerificationParts, node: NodeObject, verdict: Verdict): Promise<void> {
  const patch = verdictPatch(node, verdict);
  if (patch === undefined) return;
  try {
    await writeVerdict(parts.kube, node.name, patch);
  } catch (error) {
    if (!parts.signal.aborted)
      parts.log.warn({ node: node.name, ...failureOf(error) }, "a verdict could not be written");
    return;
  }
  parts.log.info({ node: node.name, verdict: verdict.verdict, reason: verdict.reason }, verdict.message);
  if (verdict.verdict !== "Mismatch" || patch.metadata.labels[nodeLabels.verdict] === undefined) return;
  const reason = verdict.reason === "BootImageMismatch" ? verdict.reason : "OSImageMismatch";
  const involved = { apiVersion: "v1", kind: "Node", name: node.name, uid: node.uid };
  await parts.tell(involved, { type: "Warning", reason, message: verdict.message });
}

function agentPod(parts: VerificationParts, { missed }: Memory, { node, now }: { node: string; now: number }) {
  const pods = [...parts.state.pods.items.values()].filter((pod) => pod.node === node);
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
