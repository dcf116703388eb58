// The step: one template imported or cloned, or one MachineSet moved, with what the plan says and nothing else.

import type { Log } from "../common/log.ts";
import { cloneTemplate } from "./apply/clone-template.ts";
import type { Context, Progress } from "./apply/context.ts";
import { importTemplate } from "./apply/import-template.ts";
import { isUsable } from "./apply/ownership.ts";
import { templateReference } from "./apply/template-reference.ts";
import type { Assessment } from "./assessment.ts";
import type { Tell } from "./cluster/event.ts";
import { aboutMachineSet, aboutPolicy } from "./cluster/involved.ts";
import type { Kube } from "./cluster/kube.ts";
import { pointMachineSet } from "./cluster/machine-set-template.ts";
import type { BootImageTarget } from "./decide/boot-image.ts";
import { templatePath } from "./decide/place.ts";
import type { CloneStep, ImportStep, MoveStep, Step } from "./decide/steps.ts";
import { imageRoute } from "./image-route.ts";
import type { ImageSource } from "./ova/download.ts";
import type { VCenters } from "./vcenters.ts";
import { VimFault } from "./vsphere/fault.ts";
import type { DiskProvisioning } from "./vsphere/import-spec.ts";
import { findByPath } from "./vsphere/inventory.ts";
import { readTemplate } from "./vsphere/template.ts";

export interface StepParts {
  kube: Kube;
  vcenters: VCenters;
  tell: Tell;
  log: Log;
  signal: AbortSignal;
  assessment: Assessment;
}

/** Takes the step whole or not at all. Throws what its parts throw: OvaError, VimFault, AccountError, MachineSetError. */
export async function takeStep(parts: StepParts, step: Step, onProgress: (progress: Progress) => void): Promise<void> {
  const { target } = parts.assessment;
  if (!target.ok) throw new TypeError("a plan without a target has no steps");
  const context = { signal: parts.signal, log: parts.log, onProgress, onNotice: noticeBoard(parts) };
  if (step.kind === "Import") await importTo(parts, step, { target: target.value, context });
  else if (step.kind === "Clone") await cloneTo(parts, step, { target: target.value, context });
  else await move(parts, step, target.value);
}

/** An Event is never waited for by the transfer that it is about. */
function noticeBoard({ tell, assessment: { policy } }: StepParts): Context["onNotice"] {
  return (notice) => {
    if (policy !== undefined) void tell(aboutPolicy(policy), notice);
  };
}

interface Making {
  target: BootImageTarget;
  context: Context;
}

async function importTo(parts: StepParts, { place, name }: ImportStep, { target, context }: Making): Promise<void> {
  const { policy, owner } = parts.assessment;
  const route = await imageRoute(parts.kube, parts.assessment);
  const session = await parts.vcenters.session(place.server, policy);
  const { release, url, sha256 } = target;
  const request = {
    image: { release, url, sha256, ...route, onResume: resumeLog(parts.log, url) },
    owner,
    place,
    finalName: name,
    diskProvisioning: provisioning[policy?.template.diskProvisioning ?? "Auto"],
  };
  const made = await importTemplate(session, request, context);
  if (!made.reused) await announce(parts, "TemplateImported", `Boot image ${release} was imported as ${made.path}.`);
}

function resumeLog(log: Log, url: string): ImageSource["onResume"] {
  const { host, pathname } = new URL(url);
  return (resume) => log.warn({ image: `${host}${pathname}`, ...resume }, "A download was resumed.");
}

const provisioning: Record<string, DiskProvisioning | undefined> = {
  Thin: "thin",
  Thick: "thick",
  EagerZeroedThick: "eagerZeroedThick",
};

async function cloneTo(parts: StepParts, step: CloneStep, { target, context }: Making): Promise<void> {
  const { policy, owner } = parts.assessment;
  const { place, from } = step;
  const session = await parts.vcenters.session(place.server, policy);
  const source = await findByPath(session, from.path);
  if (source === null) throw missing(from.path, place.server);
  const image = { release: target.release, sha256: target.sha256 };
  const request = { source, image, owner, place, finalName: step.name };
  const made = await cloneTemplate(session, request, context);
  if (!made.reused) await announce(parts, "TemplateCloned", `Template ${from.path} was cloned to ${made.path}.`);
}

async function move(parts: StepParts, step: MoveStep, target: BootImageTarget): Promise<void> {
  const { place, was } = step;
  const machineSet = parts.assessment.machineSets.find(({ name }) => name === step.machineSet);
  if (machineSet === undefined) throw new TypeError(`the plan moves MachineSet ${step.machineSet}, which is not there`);
  const session = await parts.vcenters.session(place.server, parts.assessment.policy);
  const path = templatePath(place, step.name);
  const reference = await findByPath(session, path);
  if (reference === null) throw missing(path, place.server);
  const facts = reference.type === "VirtualMachine" ? await readTemplate(session, reference) : null;
  if (facts === null || !isUsable(facts, target, parts.assessment.owner)) {
    const message = `${path} of vCenter ${place.server} is no template of ${target.release}: it is looked at again.`;
    throw new VimFault("TemplateInvalid", message);
  }
  const template = await templateReference(session, place.datacenter, { name: step.name, path, reference });
  await pointMachineSet(parts.kube, machineSet, { was, template });
  const message = `New machines boot ${target.release} from template ${template}; before: ${was}.`;
  await parts.tell(aboutMachineSet(machineSet), { type: "Normal", reason: "MachineSetMoved", message });
}

async function announce(
  { tell, assessment: { policy } }: StepParts,
  reason: "TemplateImported" | "TemplateCloned",
  message: string,
): Promise<void> {
  if (policy === undefined) return;
  await tell(aboutPolicy(policy), { type: "Normal", reason, message });
}

function missing(path: string, server: string): VimFault {
  return new VimFault("ObjectNotFound", `Template ${path} of vCenter ${server} is gone: it is made again.`);
}
