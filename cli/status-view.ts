// The view of `status`: one screen for an admin.
import { advice, adviceBlocks } from "./advice.ts";
import { days, imageDays } from "./age.ts";
import { banners } from "./banners.ts";
import { importLines } from "./import-lines.ts";
import { machineSetRows } from "./machine-set-rows.ts";
import { nodeTroubles, troubleBlocks } from "./node-troubles.ts";
import { conditionAt, type PolicyStatus } from "./read-policy.ts";
import type { StatusFacts } from "./status-facts.ts";
import { type Block, type Field, gap, text } from "./text/screen.ts";
import { bad, dim, good, strong, type Words, warn } from "./text/span.ts";

/** `terminal`: whether bars may be drawn. */
export function statusBlocks(facts: StatusFacts, terminal: boolean): Block[] {
  const { status } = facts.policy;
  const body = status === null ? [] : [...machineSets(status, facts.now), ...making(status, terminal), ...nodes(facts)];
  return [
    ...(status === null ? [] : [text(strong(headline(status)))]),
    ...banners(facts),
    gap,
    { kind: "fields", fields: status === null ? [mode(facts)] : fields(status, facts) },
    ...body,
    gap,
    ...adviceBlocks(advice(facts), isAtWork(facts)),
  ];
}

function isAtWork({ policy: { status, mode: is } }: StatusFacts): boolean {
  const making = status?.templates.some(({ state }) => state === "Importing" || state === "Cloning") ?? false;
  return making || (is === "Manage" && (status?.plan ?? []).length > 0);
}

/** "2/3" of the status, as words. */
function headline({ summary }: PolicyStatus): string {
  const of = (text: string | undefined) => text?.replace(/^(\d+)\/(\d+)$/, "$1 of $2") ?? "?";
  return `${of(summary?.machineSets)} managed MachineSets are at the release, ${of(summary?.nodes)} nodes are Verified.`;
}

function fields(status: PolicyStatus, facts: StatusFacts): Field[] {
  const { platform, controlPlane } = status;
  return [
    { label: "Release", words: release(status, facts.now) },
    ...(platform === undefined ? [] : [{ label: "Cluster", words: cluster(platform) }]),
    mode(facts),
    { label: "Managed by", words: managers(status) },
    ...(controlPlane === undefined
      ? []
      : [{ label: "Control plane", words: `${controlPlane.name ?? ""}: ${controlPlane.message ?? ""}` }]),
    { label: "vCenters", words: vcenters(status) },
  ];
}

function release({ target, targets, conditions }: PolicyStatus, now: number): Words {
  const known = targets.length > 0 ? targets : target === undefined ? [] : [target];
  const lines = known.map(({ release: name = "unknown", version, stream, architecture }) => {
    const age = imageDays(name, now);
    const kind = [stream, architecture].filter((one) => one !== undefined).join(" ");
    const of = version === undefined ? "" : `, the boot image of OpenShift ${version}`;
    return `${kind && `${kind}: `}${name}${of}${age === null ? "" : `, built ${days(age)} ago`}`;
  });
  if (lines.length > 0) return lines.join("; ");
  const degraded = conditions.find(({ type }) => type === "BootImageUpdateDegraded");
  return warn(`not known${degraded?.message === undefined ? "" : `: ${degraded.message}`}`);
}

function cluster({ version, featureSet, message }: NonNullable<PolicyStatus["platform"]>): string {
  if (message !== undefined) return message;
  return `OpenShift ${version ?? "of unknown version"}, feature set ${featureSet || "Default"}.`;
}

function mode({ policy }: StatusFacts): Field {
  const manage = policy.mode === "Manage";
  const does = manage
    ? "boot images are imported as templates, and MachineSets pointed at them"
    : "nodes are verified; what would be done is said, and nothing is done";
  return { label: "Mode", words: [strong(policy.mode), `: ${does}`] };
}

function managers({ machineSets }: PolicyStatus): string {
  const count = (wanted: string) => machineSets.filter(({ managedBy }) => managedBy === wanted).length;
  const [ours, theirs, nobodys] = ["Bootwarden", "MCO", "Nobody"].map(count);
  return `bootwarden ${ours}, the Machine Config Operator ${theirs}, nobody ${nobodys} of ${machineSets.length} MachineSets`;
}

function vcenters(status: PolicyStatus): Words {
  const failing = conditionAt(status, "VCentersReachable", "False");
  if (failing !== undefined) return bad(`${failing.reason}: ${failing.message}`);
  return conditionAt(status, "VCentersReachable", "True")?.message ?? "not asked yet";
}

function machineSets(status: PolicyStatus, now: number): Block[] {
  const { table, more } = machineSetRows(status, now);
  if (table.rows.length === 0) return [gap, text("There are no MachineSets: nothing to keep up to date.")];
  const meaning =
    "AGE is the image's, by the date in its release: a new Machine boots something so old first, then updates itself.";
  return [gap, { kind: "table", ...table }, ...(more === "" ? [] : [text(more)]), text(dim(meaning))];
}

function making(status: PolicyStatus, terminal: boolean): Block[] {
  const lines = importLines(status.templates, terminal);
  return lines.length === 0 ? [] : [gap, text(strong("Templates in the making")), ...lines];
}

function nodes({ policy, nodes: rows }: StatusFacts): Block[] {
  const { status } = policy;
  const counts = status?.nodes;
  if (status === null || counts === undefined) return [];
  const {
    total = 0,
    verified = 0,
    updating = 0,
    mismatch = 0,
    unknown = 0,
    notApplicable = 0,
    oldestBootImage,
  } = counts;
  const judged: Words = [
    strong("Nodes"),
    `  ${total} in all: `,
    verified === total - notApplicable ? good(`${verified} Verified`) : `${verified} Verified`,
    `, ${updating} Updating, `,
    mismatch > 0 ? bad(`${mismatch} Mismatch`) : "0 Mismatch",
    ", ",
    unknown > 0 ? warn(`${unknown} Unknown`) : "0 Unknown",
    notApplicable > 0 ? `, ${notApplicable} without ostree` : "",
    oldestBootImage === undefined ? "" : `. The oldest disk was flashed with ${oldestBootImage}.`,
  ];
  const named = conditionAt(status, "NodesVerified", "False")?.message;
  const trouble = mismatch + unknown + updating > 0;
  const below = rows !== null ? troubleBlocks(nodeTroubles(rows)) : trouble && named ? [text(named, 2)] : [];
  return [gap, text(judged), ...below];
}
