// The preflight: whether account, datastore and host can take a template, asked before the first byte moves; all findings at once.
import type { Reason } from "../../common/reasons.ts";
import type { Kept } from "../decide/keep.ts";
import { OvaError } from "../ova/ova-error.ts";
import { VimFault } from "../vsphere/fault.ts";
import { leastBytes, readSpace } from "../vsphere/free-space.ts";
import { hardwareSupport } from "../vsphere/hardware-support.ts";
import type { Place, SeenPlace } from "../vsphere/place.ts";
import type { RolePurpose } from "../vsphere/role.ts";
import type { Session } from "../vsphere/session.ts";
import type { Context } from "./context.ts";
import type { ImageNeeds } from "./image.ts";
import { findRoleLacks, type RoleLack } from "./role-lack.ts";

export interface PreflightRequest {
  step: "import" | "clone";
  /** What it lacks is one of the findings. */
  seen: SeenPlace;
  /** What the MachineSet calls the place. */
  named: Place;
  /** What the template is to be given beside the image. */
  keep?: Kept | undefined;
  /** Of the image. Where they have to be read first, that is done only when there is something to tell already: see `preflightImage`. */
  needs: ImageNeeds | (() => Promise<ImageNeeds>);
}

/**
 * Reads only: two calls, five where the image is known. A missing privilege that the template itself does not need (for tags, hardware
 * version, snapshots) becomes a notice. Throws VimFault with all findings: their reason if they have one, PreflightFailed if they have
 * several.
 */
export async function preflight(
  session: Session,
  request: PreflightRequest,
  { onNotice }: Pick<Context, "onNotice">,
): Promise<void> {
  const { seen, named, needs } = request;
  const place = seen.parts;
  const known = typeof needs === "function" ? null : needs;
  const [lacks, fit] = await Promise.all([
    findRoleLacks(session, { place, named, purposes: purposesOf(request) }),
    fitFindings(session, { place, image: known }),
  ]);
  for (const { without, message } of lacks) {
    if (without === "template") continue;
    const { reason, outcome } = notices[without];
    onNotice({ type: "Warning", reason, message: `${message} ${outcome}` });
  }
  const needed = lacks.filter(({ without }) => without === "template");
  const missing = needed.map(({ message }): Finding => ({ reason: "NoPermission", message }));
  const first = [...(seen.lack === null ? [] : [seen.lack]), ...missing];
  if (first.length + fit.length === 0) return;
  const all = typeof needs === "function" ? await imageFindings(session, place, needs) : fit;
  refuse(session, [...first, ...all]);
}

/** What has to wait for the descriptor. Throws as `preflight` does. */
export async function preflightImage(
  session: Session,
  { place, image }: { place: SeenPlace["parts"]; image: ImageNeeds },
): Promise<void> {
  refuse(session, await fitFindings(session, { place, image }));
}

/** Who mends what was found is to hear of the image at once; one that cannot be opened is a finding too. */
async function imageFindings(
  session: Session,
  place: SeenPlace["parts"],
  needs: () => Promise<ImageNeeds>,
): Promise<Finding[]> {
  try {
    return await fitFindings(session, { place, image: await needs() });
  } catch (thrown) {
    if (!(thrown instanceof OvaError) || thrown.reason === "Interrupted") throw thrown;
    return [...(await fitFindings(session, { place, image: null })), thrown];
  }
}

interface Finding {
  reason: Reason;
  /** What, which object, and what to do. */
  message: string;
}

function refuse(session: Session, findings: readonly Finding[]): void {
  const [first] = findings;
  if (first === undefined) return;
  const reason = findings.every((one) => one.reason === first.reason) ? first.reason : "PreflightFailed";
  const all = findings.map(({ message }) => message).join(" ");
  throw new VimFault(reason, `A template cannot be made at vCenter ${session.server}. ${all}`);
}

const notices: Record<Exclude<RoleLack["without"], "template">, { reason: Reason; outcome: string }> = {
  tags: { reason: "TagsNotAllowed", outcome: "Until then templates have no tags." },
  hardware: { reason: "HardwareNotRaised", outcome: "Until then templates have their image's hardware version." },
  linkedClone: { reason: "SnapshotNotAllowed", outcome: "Until then linkedClone MachineSets are not moved." },
};

function purposesOf({ step, keep }: PreflightRequest): RolePurpose[] {
  const purposes: RolePurpose[] = ["both", step, "tags"];
  if (keep !== undefined && keep.hardware !== null) purposes.push("hardware");
  if (keep !== undefined && keep.snapshots.length > 0) purposes.push("linkedClone");
  return purposes;
}

async function fitFindings(
  session: Session,
  { place, image }: { place: SeenPlace["parts"]; image: ImageNeeds | null },
): Promise<Finding[]> {
  const wanted = image?.hardware ?? null;
  const { datastore, host } = place;
  const [space, support] = await Promise.all([
    datastore === undefined ? null : readSpace(session, datastore),
    wanted === null || host === undefined ? null : hardwareSupport(session, host),
  ]);
  const bytes = leastBytes(image ?? { fileBytes: 0, capacityBytes: 0, diskProvisioning: undefined });
  const findings: Finding[] = [];
  if (space !== null && space.freeBytes < bytes) {
    const message = `Datastore ${space.name} has ${space.freeBytes} bytes free, the template takes ${bytes} at the least: make room, or name another one.`;
    findings.push({ reason: "DatastoreFull", message });
  }
  const highest = support?.highest ?? null;
  if (wanted !== null && highest !== null && highest < wanted) {
    const message = `Host ${support?.host} makes virtual machines up to hardware version vmx-${highest}, the image asks for vmx-${wanted}: upgrade ESXi on the cluster's hosts.`;
    findings.push({ reason: "HardwareNotSupported", message });
  }
  return findings;
}
