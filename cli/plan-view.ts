// The view of `plan`: what Manage mode does, or would do, step by step, and why the rest stays as it is.
import { nameOf } from "./import-lines.ts";
import { stateSpan } from "./machine-set-rows.ts";
import {
  conditionAt,
  type MachineSetStatus,
  type PlannedStep,
  type PolicyFacts,
  type PolicyStatus,
} from "./read-policy.ts";
import { type Block, gap, item, text } from "./text/screen.ts";
import { bad, dim, strong, type Words, warn } from "./text/span.ts";

/** So many steps the status holds at most. */
const statusLimit = 50;

export function planBlocks({ mode }: PolicyFacts, status: PolicyStatus): Block[] {
  const steps = status.plan ?? [];
  const more = steps.length >= statusLimit ? [text("The status holds no more than these; there may be others.")] : [];
  const listed = steps.map((step, at) => item(`  ${String(at + 1).padStart(2)}  `, told(step, status)));
  return [...heading(mode, status), gap, ...listed, ...more, ...rest(status)];
}

/** Whether there is anything between here and the release: steps, or MachineSets that wait for a halt to end. */
export function isBehind({ plan, machineSets }: PolicyStatus): boolean {
  return (plan ?? []).length > 0 || machineSets.some(({ state }) => state === "Halted");
}

function heading(mode: string, status: PolicyStatus): Block[] {
  const { plan, rollout } = status;
  const release = releaseOf(status);
  const to = release === null ? "" : ` to ${release}`;
  if (plan === undefined)
    return [
      text(warn("The controller does not say what it would do: it is of an older version, or has not looked yet.")),
    ];
  const halted = rollout?.halted;
  if (halted !== undefined && isBehind(status))
    return [text([bad("Halted: "), `no step${to} is taken. ${halted.message ?? halted.reason ?? ""}`])];
  if (plan.length === 0) return noSteps(status, release);
  const count = plan.length === 1 ? "1 step" : `${plan.length} steps`;
  if (mode !== "Manage")
    return [text([strong("Observe: "), `nothing is done. In mode Manage bootwarden would take ${count}${to}:`])];
  const planned = new Set(plan.map(({ machineSet }) => machineSet));
  const failed = status.machineSets.filter(({ name, state }) => planned.has(name) && state === "Failed");
  const last: Words = failed.length === 0 ? "" : bad(` The last try failed: ${byReason(failed)}.`);
  return [text([strong("Manage: "), `bootwarden is taking ${count}${to}, each vCenter for itself.`, last])];
}

/** Of the default stream, or of the steps, where only other streams have one; null: it is not known. */
function releaseOf({ target, plan }: PolicyStatus): string | null {
  const steps = new Set((plan ?? []).flatMap(({ release }) => release ?? []));
  return target?.release ?? ([...steps].join(", ") || null);
}

function noSteps(status: PolicyStatus, release: string | null): Block[] {
  const stuck = status.machineSets.filter(isStuck);
  if (stuck.length > 0) {
    const head = `No step${release === null ? "" : ` to ${release}`} can be taken: `;
    const waits = stuck.every(({ state }) => state === "Skipped");
    return [text([waits ? warn(head) : bad(head), `${byReason(stuck)}.`])];
  }
  if (release !== null) return [text([strong("Nothing to do"), ` for ${release}.`])];
  const why = conditionAt(status, "BootImageUpdateDegraded", "True")?.reason;
  return [
    text([strong("Nothing to do"), `: the release's boot image is not known${why === undefined ? "" : ` (${why})`}.`]),
  ];
}

/** Whether bootwarden has to move the MachineSet, or to find out whether it has to, and cannot. */
function isStuck({ state, reason }: MachineSetStatus): boolean {
  if (state === "Skipped") return reason === "ClusterUpdating";
  return state !== "UpToDate" && state !== "Updating";
}

/** `UserDataMissing (2 MachineSets), Contested (1 MachineSet)`. */
function byReason(sets: readonly MachineSetStatus[]): string {
  return [...Map.groupBy(sets, ({ state, reason }) => reason ?? state ?? "for a reason that is not said")]
    .map(([reason, { length }]) => `${reason} (${length} ${length === 1 ? "MachineSet" : "MachineSets"})`)
    .join(", ");
}

function told({ step, server, template, machineSet, from }: PlannedStep, { machineSets }: PolicyStatus): Words {
  if (step === "Import") return [strong("import"), ` the image as ${template} at ${server}`];
  if (step === "Clone") return [strong("clone"), ` ${from ?? "the first template"} to ${template} at ${server}`];
  if (step !== "Move") return `${step} ${template} at ${server}`;
  const now = machineSets.find(({ name }) => name === machineSet)?.template;
  const was = now === undefined ? "" : ` from ${nameOf(now)}`;
  return [strong("move"), ` MachineSet ${machineSet ?? ""}${was} to ${nameOf(template)}; its Machines are not touched`];
}

/** MachineSets of which no step speaks. */
function rest({ machineSets, plan, target }: PolicyStatus): Block[] {
  const planned = new Set((plan ?? []).map(({ machineSet }) => machineSet));
  const unplanned = machineSets.filter(({ name }) => !planned.has(name));
  const [there, others] = [unplanned.filter(isThere), unplanned.filter((set) => !isThere(set))];
  const release = target?.release ?? "the release";
  const names = there.map(({ name }) => name).join(", ");
  const ready = there.length === 0 ? [] : [gap, text([`At ${release} already: `, names])];
  if (others.length === 0) return ready;
  const columns = [
    { head: "MACHINESET", least: 12, cut: "middle" as const },
    { head: "STATE" },
    { head: "WHY NOT", least: 20 },
  ];
  const rows = others.map(({ name, state, reason, message }) => {
    return { cells: [name, stateSpan(state), reason ?? ""], ...(message === undefined ? {} : { below: dim(message) }) };
  });
  return [...ready, gap, text(strong("Nothing is planned for")), { kind: "table", columns, rows }];
}

function isThere({ state, reason }: MachineSetStatus): boolean {
  return state === "UpToDate" && reason === "OnTarget";
}
