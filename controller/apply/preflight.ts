// The preflight: whether account, datastore and host can take a template, asked before the first byte moves; all findings at once.
import type { Reason } from "../../common/reasons.ts";
import type { Kept } from "../decide/keep.ts";
import { VimFault } from "../vsphere/fault.ts";
import { leastBytes, readSpace } from "../vsphere/free-space.ts";
import { hardwareSupport } from "../vsphere/hardware-support.ts";
import type { DiskProvisioning } from "../vsphere/import-spec.ts";
import type { Place, ResolvedPlace } from "../vsphere/place.ts";
import type { RolePurpose } from "../vsphere/role.ts";
import type { Session } from "../vsphere/session.ts";
import type { Context } from "./context.ts";
import { findRoleLacks, type RoleLack } from "./role-lack.ts";

export interface PreflightRequest {
  step: "import" | "clone";
  place: ResolvedPlace;
  /** What the MachineSet calls the place. */
  named: Place;
  /** What the template is to be given beside the image. */
  keep?: Kept | undefined;
  /** Left out: not known yet; of an import it is not before the descriptor was read. */
  image?: ImageNeeds | undefined;
}

/** What a template asks of datastore and host. */
export interface ImageNeeds {
  /** What is sent, or what the source has written. */
  fileBytes: number;
  capacityBytes: number;
  diskProvisioning: DiskProvisioning | undefined;
  /** 21 of `vmx-21`; null if it is not known. */
  hardware: number | null;
}

/**
 * Reads only: two calls, five where the image is known. A missing privilege that the template itself does not need (for tags, hardware
 * version, snapshots) becomes a notice. Throws VimFault with all findings: NoPermission, DatastoreFull or HardwareNotSupported if
 * there is one kind, PreflightFailed if there are several.
 */
export async function preflight(
  session: Session,
  request: PreflightRequest,
  { onNotice }: Pick<Context, "onNotice">,
): Promise<void> {
  const purposes = purposesOf(request);
  const [lacks, fit] = await Promise.all([
    findRoleLacks(session, { ...request, purposes }),
    fitFindings(session, request),
  ]);
  for (const { without, message } of lacks) {
    if (without === "template") continue;
    const { reason, outcome } = notices[without];
    onNotice({ type: "Warning", reason, message: `${message} ${outcome}` });
  }
  const needed = lacks.filter(({ without }) => without === "template");
  refuse(session, [...needed.map(({ message }): Finding => ({ reason: "NoPermission", message })), ...fit]);
}

/** What has to wait for the descriptor. Throws as `preflight` does. */
export async function preflightImage(
  session: Session,
  request: Pick<PreflightRequest, "place"> & { image: ImageNeeds },
): Promise<void> {
  refuse(session, await fitFindings(session, request));
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
  { place, image }: Pick<PreflightRequest, "place" | "image">,
): Promise<Finding[]> {
  const wanted = image?.hardware ?? null;
  const [space, support] = await Promise.all([
    readSpace(session, place.datastore),
    wanted === null ? null : hardwareSupport(session, place.host),
  ]);
  const bytes = leastBytes(image ?? { fileBytes: 0, capacityBytes: 0, diskProvisioning: undefined });
  const findings: Finding[] = [];
  if (space.freeBytes < bytes) {
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
