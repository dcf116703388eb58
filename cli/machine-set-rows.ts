// The MachineSets of `status`: the troubled ones first, and not more than a screen holds.
import { days, imageDays } from "./age.ts";
import type { MachineSetStatus, PolicyStatus } from "./read-policy.ts";
import { shellWord } from "./shell-word.ts";
import { bad, dim, good, type Span, warn } from "./text/span.ts";
import type { Row, Table } from "./text/table.ts";

const longest = 15;

const columns: Table["columns"] = [
  { head: "MACHINESET", least: 12, cut: "middle" },
  { head: "MANAGED BY" },
  { head: "STATE" },
  { head: "TEMPLATE", least: 16, cut: "middle" },
  { head: "RELEASE" },
  { head: "AGE", align: "right" },
];

/** The rows, and what is said of those that are left out. */
export function machineSetRows({ machineSets, target }: PolicyStatus, now: number): { table: Table; more: string } {
  const sorted = machineSets.toSorted((one, other) => rank(one) - rank(other) || (one.name < other.name ? -1 : 1));
  const rows = sorted.slice(0, longest).map((set) => row(set, now));
  const left = sorted.slice(longest);
  if (left.length === 0) return { table: { columns, rows }, more: "" };
  const states = Map.groupBy(left, ({ state }) => state ?? "unknown");
  const told = [...states].map(([state, same]) => `${same.length} ${state}`).join(", ");
  const release = target?.release === undefined ? "" : `; the target is ${target.release}`;
  return { table: { columns, rows }, more: `and ${left.length} more: ${told}${release}.` };
}

function row(set: MachineSetStatus, now: number): Row {
  const { name, state, reason, message, template, release, managedBy } = set;
  const manager = managedBy === "Bootwarden" ? "bootwarden" : (managedBy ?? "").replace("Nobody", "nobody");
  const cells = [
    name,
    manager,
    stateSpan(state),
    template ?? "",
    release ?? "not known",
    days(imageDays(release, now)),
  ];
  if (state === "UpToDate" && reason === "OnTarget") return { cells };
  const way = reason === "OnHold" ? ` (kubectl bootwarden resume ${shellWord(name)})` : "";
  const why = [reason, message].filter((one) => one).join(": ") + way;
  return why === "" ? { cells } : { cells, below: state === "Skipped" ? dim(why) : why };
}

const ranks: Record<string, number> = {
  Failed: 0,
  Halted: 1,
  Contested: 2,
  Updating: 3,
  Outdated: 4,
  UpToDate: 6,
  Skipped: 7,
};

/** States of a later version come before what is in order. */
function rank({ state }: MachineSetStatus): number {
  return ranks[state ?? ""] ?? 5;
}

export function stateSpan(state: string | undefined): string | Span {
  if (state === undefined) return "unknown";
  if (state === "UpToDate") return good(state);
  if (state === "Failed" || state === "Halted" || state === "Contested") return bad(state);
  return state === "Outdated" || state === "Updating" ? warn(state) : state;
}
