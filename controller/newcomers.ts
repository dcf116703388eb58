// The newcomers: the Machines of the cluster, each followed from its creation until its Node is Verified.
import { nodeAnnotations, nodeLabels } from "../common/annotations.ts";
import type { Reason } from "../common/reasons.ts";
import type { MachineObject } from "./cluster/machine-objects.ts";
import type { NodeObject } from "./cluster/node-objects.ts";
import type { Alarm } from "./decide/alarms.ts";
import type { MachineTemplate } from "./decide/boot-image-check.ts";
import type { MovedMachineSet, NewMachine } from "./decide/brake.ts";
import { type Outcome, outcomeOf } from "./decide/newcomer.ts";
import type { Verdict } from "./decide/verdict.ts";
import { keyOf } from "./findings.ts";
import type { Metrics } from "./metrics.ts";
import { namedBy } from "./survey.ts";

interface Items<T> {
  items: ReadonlyMap<string, T>;
}

interface Parts {
  state: {
    machines: Items<MachineObject>;
    nodes: Items<Pick<NodeObject, "written">>;
    policies: Items<{ rollout: { newNodeDeadline: number } }>;
  };
  verdicts: ReadonlyMap<string, Pick<Verdict, "verdict" | "message">>;
  /** What vCenter was last seen to hold under the Machine's template. */
  templateOf: (machine: MachineObject) => MachineTemplate | null;
  metrics: Pick<Metrics, "newMachine">;
}

export interface Newcomers {
  /** Looks at every Machine that is not settled; true when one of them stands otherwise than at the last look. */
  look: () => boolean;
  /** Those that were made from templates of ours of these releases, or from what their MachineSets were moved to, however they stand. */
  of: (releases: ReadonlySet<string>, moved: readonly MovedMachineSet[]) => NewMachine[];
  alarms: () => Alarm[];
  /** Milliseconds until the next deadline; null when none is underway. */
  nextDeadline: () => number | null;
}

interface Followed {
  machine: MachineObject;
  outcome: Outcome;
}

/** Milliseconds, where no policy says otherwise. */
const usual = 45 * 60_000;
const over: ReadonlySet<Outcome> = new Set(["Settled", "Verified"]);

/** `now`: milliseconds since the epoch. */
export function createNewcomers(parts: Parts, now: () => number = Date.now): Newcomers {
  const followed = new Map<string, Followed>();
  const deadline = () => parts.state.policies.items.get("cluster")?.rollout.newNodeDeadline ?? usual;
  const look = () => {
    let news = false;
    const present = new Set<string>();
    for (const machine of parts.state.machines.items.values()) {
      present.add(machine.uid);
      const before = followed.get(machine.uid);
      if (before !== undefined && over.has(before.outcome)) continue;
      const outcome = outcomeOf(factsOf(parts, machine, before === undefined), { deadline: deadline(), now: now() });
      followed.set(machine.uid, { machine, outcome });
      if (before?.outcome === outcome) continue;
      news = true;
      if (before !== undefined) tell(parts.metrics, machine, { outcome, now: now() });
    }
    for (const uid of followed.keys()) if (!present.has(uid)) news = followed.delete(uid) || news;
    return news;
  };
  const all = () => [...followed.values()];
  return {
    look,
    of: (releases, moved) =>
      all().flatMap((one) => {
        const template = parts.templateOf(one.machine);
        const ours = template?.marker && template.release !== null && releases.has(template.release);
        return ours || isFromMove(one.machine, moved) ? [newMachine(parts, one)] : [];
      }),
    alarms: () => all().flatMap((one) => alarmOf(parts, one)),
    nextDeadline: () => {
      const underway = all().filter(({ outcome }) => outcome === "Underway");
      const waits = underway.map(({ machine }) => Date.parse(machine.createdAt) + deadline() - now());
      return waits.length === 0 ? null : Math.max(100, Math.min(...waits));
    },
  };
}

/** A template that an admin made has no marker of ours. */
function isFromMove({ machineSet, provider }: MachineObject, moved: readonly MovedMachineSet[]): boolean {
  return moved.some((one) => one.machineSet === machineSet && one.template === provider?.template);
}

function factsOf({ state, verdicts }: Parts, machine: MachineObject, first: boolean) {
  const written = state.nodes.items.get(machine.node ?? "")?.written ?? {};
  return {
    phase: machine.phase,
    createdAt: machine.createdAt,
    joined: machine.node !== undefined,
    verdict: verdicts.get(machine.node ?? "")?.verdict,
    found: { verdict: nodeLabels.verdict in written, bootImageCheck: nodeAnnotations.bootImageCheck in written },
    first,
  };
}

/** Only what this controller saw begin is measured. */
function tell(
  metrics: Parts["metrics"],
  { createdAt, machineSet }: MachineObject,
  { outcome, now }: { outcome: Outcome; now: number },
) {
  if (outcome !== "Underway" && outcome !== "Settled")
    metrics.newMachine(machineSet ?? "", outcome, (now - Date.parse(createdAt)) / 1000);
}

function whyOf({ verdicts }: Parts, { machine, outcome }: Followed): string {
  const verdict = verdicts.get(machine.node ?? "")?.message ?? "";
  return (outcome === "Failed" ? machine.errorMessage : verdict).replace(/[.\s]+$/, "");
}

function newMachine(parts: Parts, one: Followed): NewMachine {
  const { name, machineSet, provider, createdAt } = one.machine;
  const named = namedBy(provider);
  return {
    name,
    machineSet: machineSet ?? "",
    templateKey: named === null ? "" : keyOf(named),
    template: provider?.template ?? "",
    createdAt,
    outcome: one.outcome,
    why: whyOf(parts, one),
  };
}

const reasons: Partial<Record<Outcome, Reason>> = { Failed: "NewMachineFailed", NotInTime: "NotInTime" };

/** A Mismatch is told at the Node. */
function alarmOf(parts: Parts, one: Followed): Alarm[] {
  const { machine, outcome } = one;
  const reason = reasons[outcome];
  if (reason === undefined) return [];
  const why = whyOf(parts, one);
  const cause = why === "" ? "" : `: ${why.slice(0, 500)}`;
  const template = machine.provider?.template ?? "";
  const message =
    outcome === "Failed"
      ? `It was cloned from ${template} and ended Failed${cause}.`
      : `It was cloned from ${template} at ${machine.createdAt} and is no Verified node yet (phase ${machine.phase ?? "none"})${cause}.`;
  return [{ kind: "Machine", name: machine.name, reason, message }];
}
