// The verdict on a node: does it run what its pool asks for, and was its disk flashed from its Machine's template?
import { agentAnnotations } from "../../common/annotations.ts";
import { isReason, type Reason, reasons } from "../../common/reasons.ts";
import type { Report } from "../../common/report.ts";
import {
  type BootImageCheck,
  checkBootImage,
  type MachineFacts,
  type MachineTemplate,
  type StandingCheck,
  standingCheck,
} from "./boot-image-check.ts";
import type { Decision } from "./decision.ts";
import { type MachineConfigAnnotations, machineConfigAnnotations } from "./machine-config.ts";
import { readReport } from "./node-report.ts";
import { expectedOSImage, type OSImageSources, transition } from "./os-image.ts";
import { compareOSImage, isDigest, type OSImageComparison } from "./os-image-comparison.ts";
import { type Pool, poolOf } from "./pool.ts";

export interface NodeFacts {
  name: string;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  /** `status.nodeInfo`. */
  bootID: string;
  osImage: string;
  operatingSystem: string;
}

export interface JudgeInput extends OSImageSources {
  node: NodeFacts;
  /**
   * Whether the agent's pod on the node is Ready, and since when (milliseconds). Where there is no pod: not ready since
   * it was first missed. null when that is not known, which is no objection.
   */
  agentPod: { ready: boolean; since: number } | null;
  pools: readonly Pool[];
  machine: MachineFacts | null;
  /** What vCenter holds under the Machine's template; null when it is gone or cannot be asked. */
  template: MachineTemplate | null;
  /** The boot-image check of the same Machine and boot, if there was one already. */
  standing: StandingCheck | null;
  /** Milliseconds. */
  now: number;
}

export interface Verdict {
  /** The label's value; null: the node gets no label. */
  verdict: "Verified" | "Updating" | "Mismatch" | "Unknown" | null;
  reason: Reason | `AgentError/${Reason}`;
  /** One line that names both checks, at most 1,000 characters. */
  message: string;
  bootImageCheck: BootImageCheck["check"] | null;
  /** What was expected and seen in that check. */
  bootImageMessage: string | null;
  /** The first 16 hex digits of the booted digest. */
  osDigest: string | null;
  /** The release of the aleph file. */
  bootImage: string | null;
}

/** How long an agent's pod may be not Ready before its report no longer counts, in milliseconds. */
export const agentPatience = 10 * 60_000;

/** Unknown, Updating, Mismatch, Verified: the first that applies. Total: no report, however odd, makes it throw. */
export function judge(input: JudgeInput): Verdict {
  const { node } = input;
  const text = node.annotations[agentAnnotations.report];
  if (!isCoreOS(node) && (text === undefined || saysNotOSTree(text)))
    return unjudged(null, "NotApplicable", `${node.operatingSystem} ${node.osImage}: ${reasons.NotApplicable}`);
  const config = machineConfigAnnotations(node.annotations);
  const pool = poolOf(node.labels, input.pools);
  if (config.currentConfig === "") return unjudged("Unknown", "Joining", "The node has no currentConfig yet.");
  if (!pool.ok && pool.reason === "Joining") return unjudged("Unknown", "Joining", pool.message);
  if (text === undefined) return unjudged("Unknown", "NoReport", reasons.NoReport);
  const report = readReport(text);
  if (!report.ok) return unjudged("Unknown", report.reason, report.message);
  // A Node that names no boot has none that a report could be of.
  if (node.bootID === "" || report.value.bootID !== node.bootID)
    return unjudged("Unknown", "ReportOfOtherBoot", reasons.ReportOfOtherBoot);
  const { agentPod } = input;
  if (agentPod !== null && !agentPod.ready && input.now - agentPod.since >= agentPatience)
    return unjudged("Unknown", "AgentNotReady", reasons.AgentNotReady);
  return judgeReport(report.value, { input, config, pool });
}

interface Context {
  input: JudgeInput;
  config: MachineConfigAnnotations;
  pool: Decision<Pool>;
}

function judgeReport(report: Report, { input, config, pool }: Context): Verdict {
  const bootImage = report.bootImage?.release ?? null;
  const error = agentError(report);
  if (error !== undefined) return { ...unjudged("Unknown", error.reason, error.message), bootImage };
  const fresh = checkBootImage({ machine: input.machine, template: input.template, aleph: bootImage });
  const boot = standingCheck(input.standing, fresh);
  const expected = pool.ok ? expectedOSImage(config, input) : pool;
  const os = compareOSImage(report.booted, expected);
  const changes = modified(report.modifications);
  const publish = (verdict: Verdict["verdict"], reason: Verdict["reason"], first = ""): Verdict => ({
    verdict,
    reason,
    message: oneLine(`${first && `${first} `}OS image: ${os.message}${changes}; boot image: ${boot.message}.`),
    bootImageCheck: boot.check,
    bootImageMessage: boot.message,
    osDigest: osDigest(report),
    bootImage,
  });
  const moving = movement(report, transition(config, pool.ok ? pool.value : null, input));
  if (moving !== undefined) return publish("Updating", moving.reason, moving.message);
  return publish(...conclude(os, boot));
}

/** Packages on top of the image are no mismatch of its digest, but whoever reads the verdict shall know. */
function modified({ initramfs, ...packages }: Report["modifications"]): string {
  const counts = Object.entries(packages).flatMap(([kind, count]) => (count > 0 ? [`${count} ${kind}`] : []));
  const all = [...counts, ...(initramfs ? ["initramfs rebuilt"] : [])];
  return all.length === 0 ? "" : ` (changed on the host: ${all.join(", ")})`;
}

function movement(report: Report, moving: ReturnType<typeof transition>): ReturnType<typeof transition> {
  if (moving?.reason === "NodeUpdating" || report.staged === null) return moving;
  const { digest } = report.staged;
  return {
    reason: "StagedForReboot",
    message: `${digest !== null && isDigest(digest) ? digest : "A deployment"} waits for a reboot.`,
  };
}

function conclude(os: OSImageComparison, boot: BootImageCheck): [Verdict["verdict"], Verdict["reason"]] {
  if (os.reason === "OSImageMismatch") return ["Mismatch", os.reason];
  if (boot.check === "Mismatch") return ["Mismatch", "BootImageMismatch"];
  return [os.reason === "NoExpectation" ? "Unknown" : "Verified", os.reason];
}

/** The agent's own error, its reason held against the known ones: it becomes a metric's label. */
function agentError(report: Report): { reason: `AgentError/${Reason}`; message: string } | undefined {
  if (report.error === null) {
    if (report.booted !== null) return undefined;
    return { reason: "AgentError/NoBootedDeployment", message: reasons.NoBootedDeployment };
  }
  const { reason, message } = report.error;
  return { reason: `AgentError/${isReason(reason) ? reason : "Unexpected"}`, message: `The agent says: ${message}` };
}

/** RHCOS, Fedora CoreOS and CentOS Stream CoreOS; a node that has not said yet is taken for one. */
function isCoreOS({ operatingSystem, osImage }: NodeFacts): boolean {
  return (operatingSystem === "linux" || operatingSystem === "") && (osImage === "" || osImage.includes("CoreOS"));
}

function saysNotOSTree(text: string): boolean {
  const report = readReport(text);
  return report.ok && report.value.error?.reason === "NotOSTreeHost";
}

function osDigest(report: Report): string | null {
  const digest = report.booted?.digest ?? "";
  return isDigest(digest) ? digest.slice("sha256:".length, "sha256:".length + 16) : null;
}

function unjudged(verdict: Verdict["verdict"], reason: Verdict["reason"], message: string): Verdict {
  return {
    verdict,
    reason,
    message: oneLine(message),
    bootImageCheck: null,
    bootImageMessage: null,
    osDigest: null,
    bootImage: null,
  };
}

/**
 * Parts of a message come from the node: no line breaks, no control characters, bounded, and nothing that the API
 * server would store differently from what was sent.
 */
function oneLine(text: string): string {
  const clean = [...text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")];
  return clean.length <= 1000 ? clean.join("") : `${clean.slice(0, 999).join("")}…`;
}
