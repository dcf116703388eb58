// The view of `plan`: what Manage mode does, or would do, step by step, and why the rest stays as it is.
import { nameOf } from "./import-lines.ts";
import { stateSpan } from "./machine-set-rows.ts";
import type { MachineSetStatus, PlannedStep, PolicyFacts, PolicyStatus } from "./read-policy.ts";
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
  const { plan, rollout, target } = status;
  const release = target?.release ?? "a release that is not known";
  if (plan === undefined)
    return [
      text(warn("The controller does not say what it would do: it is of an older version, or has not looked yet.")),
    ];
  const halted = rollout?.halted;
  if (halted !== undefined && isBehind(status))
    return [text([bad("Halted: "), `no step to ${release} is taken. ${halted.message ?? halted.reason ?? ""}`])];
  if (plan.length === 0) return [text([strong("Nothing to do"), ` for ${release}.`])];
  const count = plan.length === 1 ? "1 step" : `${plan.length} steps`;
  return mode === "Manage"
    ? [text([strong("Manage: "), `bootwarden is taking ${count} to ${release}, each vCenter for itself.`])]
    : [text([strong("Observe: "), `nothing is done. In mode Manage bootwarden would take ${count} to ${release}:`])];
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
