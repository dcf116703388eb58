// The advice: what an admin should do next, the most urgent first, each with commands that can be copied.

import { controllerName, namespace } from "../common/annotations.ts";
import { isAtLeast } from "../controller/decide/cluster-version.ts";
import { nodeAdvice } from "./node-advice.ts";
import { nodeTroubles } from "./node-troubles.ts";
import { conditionAt, type MachineSetStatus, type PolicyStatus } from "./read-policy.ts";
import { remedy } from "./remedy.ts";
import { shellWord } from "./shell-word.ts";
import { controllerTrouble, type StatusFacts } from "./status-facts.ts";
import { type Block, command, item, text } from "./text/screen.ts";
import { good, strong } from "./text/span.ts";

export interface Advice {
  what: string;
  commands: string[];
}

/** Everything; an empty list says that there is nothing to do. */
export function advice(facts: StatusFacts): Advice[] {
  const { policy, nodes } = facts;
  const { status } = policy;
  if (status === null) return [deadController("The controller has not written a status yet: see whether it runs.")];
  const silent = facts.leader !== null && controllerTrouble(facts)?.startsWith("No controller");
  return [
    ...(silent ? [deadController("Find out why no controller is at work.")] : []),
    ...halt(status),
    ...policiesMissing(status),
    ...vcenters(status),
    ...machineSets(status, policy.mode),
    ...nodeAdvice(status, nodes === null ? null : nodeTroubles(nodes)),
    ...takeover(status),
    ...observing(status, policy.mode),
  ];
}

/** So much can be kept in mind. */
const most = 5;

/** `atWork`: whether the controller is about something. */
export function adviceBlocks(all: readonly Advice[], atWork: boolean): Block[] {
  if (all.length === 0 && atWork) return [text([good("Nothing for you to do: "), "bootwarden is at work."])];
  if (all.length === 0) return [text(good("Nothing to do."))];
  const left = all.length - most;
  return [
    text(strong("What to do next")),
    ...all.slice(0, most).flatMap(({ what, commands }, at) => [item(`  ${at + 1}. `, what), ...commands.map(command)]),
    ...(left > 0
      ? [text(`${left} more ${left === 1 ? "thing comes" : "things come"} up when these are done.`, 2)]
      : []),
  ];
}

function deadController(what: string): Advice {
  return {
    what,
    commands: [
      `kubectl -n ${namespace} get pods`,
      `kubectl -n ${namespace} logs deployment/${controllerName} --tail=20`,
    ],
  };
}

function halt({ rollout }: PolicyStatus): Advice[] {
  const halted = rollout?.halted;
  if (halted === undefined) return [];
  const moved = halted.moved.length;
  const sets = moved === 1 ? "the MachineSet that was moved" : `the ${moved} MachineSets that were moved`;
  const choice = moved === 0 ? "then let it go on." : `then take ${sets} back (rollback), or let it go on (resume).`;
  return [
    {
      what: `The rollout is halted: see what became of the first new Machine, ${choice}`,
      commands: [
        ...(halted.machine === undefined ? [] : [`kubectl bootwarden explain machine/${shellWord(halted.machine)}`]),
        ...(moved === 0 ? [] : ["kubectl bootwarden rollback --all"]),
        "kubectl bootwarden resume",
      ],
    },
  ];
}

function policiesMissing(status: PolicyStatus): Advice[] {
  const found = conditionAt(status, "AdmissionPoliciesInstalled", "False");
  return found === undefined ? [] : [{ what: found.message, commands: ["kubectl apply -k manifests/base"] }];
}

const events = "kubectl get events -n default --field-selector involvedObject.kind=BootImagePolicy,type=Warning";

function vcenters(status: PolicyStatus): Advice[] {
  const found = conditionAt(status, "VCentersReachable", "False");
  return found === undefined
    ? []
    : [{ what: `A vCenter fails: ${remedy(found.reason) || found.message}`, commands: [events] }];
}

function machineSets(status: PolicyStatus, mode: string): Advice[] {
  const failed = status.machineSets.filter((set) => set.state === "Failed");
  // In Manage mode bootwarden mends it itself.
  const dead = mode === "Manage" ? [] : status.machineSets.filter(namesNothing);
  const contested = status.machineSets.filter((set) => set.state === "Contested");
  const degraded = conditionAt(status, "BootImageUpdateDegraded", "True");
  const known = new Set([...status.machineSets.map(({ reason }) => reason), "Halted"]);
  return [
    ...grouped(dead, "the next Machine fails"),
    ...(degraded && !known.has(degraded.reason)
      ? [{ what: `${degraded.reason}: ${remedy(degraded.reason)}`, commands: [events] }]
      : []),
    ...grouped(failed, "it cannot be kept up to date"),
    ...contested.map(({ name, contested: contest }) => ({
      what: `${name}: make ${contest?.manager ?? "whoever takes moves back"} leave the template alone, then say so.`,
      commands: [`kubectl bootwarden resume ${shellWord(name)}`],
    })),
  ];
}

function namesNothing({ state, reason }: MachineSetStatus): boolean {
  return state !== "Failed" && (reason === "TemplateMissing" || reason === "TemplateAmbiguous");
}

/** One advice for each reason, however many MachineSets have it. */
function grouped(sets: readonly MachineSetStatus[], why: string): Advice[] {
  return [...Map.groupBy(sets, ({ reason }) => reason ?? "").entries()].map(([reason, same]) => {
    const [first] = same;
    const others = same.length > 1 ? ` and ${same.length - 1} more` : "";
    return {
      what: `${first?.name ?? ""}${others}: ${why} (${reason}). ${remedy(reason)}`,
      commands: [`kubectl bootwarden explain machineset/${shellWord(first?.name ?? "")}`],
    };
  });
}

/** OpenShift 4.17 and 4.18 know no mode None; an empty list opts out of everything, in every release. */
function optOut(version: string | undefined): object {
  const none = { resource: "machinesets", apiGroup: "machine.openshift.io", selection: { mode: "None" } };
  const machineManagers = isAtLeast(version ?? null, 4, 19) === false ? [] : [none];
  return { spec: { managedBootImages: { machineManagers } } };
}

function takeover(status: PolicyStatus): Advice[] {
  if (conditionAt(status, "TakeoverAhead", "True") === undefined) return [];
  const what =
    "Decide who manages boot images before OpenShift 4.22 does: this keeps them with bootwarden (mode All gives them to the Machine Config Operator).";
  const patch = shellWord(JSON.stringify(optOut(status.platform?.version)));
  return [{ what, commands: [`kubectl patch machineconfiguration cluster --type=merge -p ${patch}`] }];
}

function observing({ plan, machineSets: all }: PolicyStatus, mode: string): Advice[] {
  const behind = all.filter(({ state }) => state === "Outdated").length;
  if (mode === "Manage" || (plan ?? []).length === 0) return [];
  const sets = behind === 1 ? "1 MachineSet is behind" : `${behind} MachineSets are behind`;
  return [
    {
      what: `${sets} the release. See what bootwarden would do, then let it.`,
      commands: [
        "kubectl bootwarden plan",
        `kubectl patch bootimagepolicy cluster --type=merge -p '{"spec":{"mode":"Manage"}}'`,
      ],
    },
  ];
}
