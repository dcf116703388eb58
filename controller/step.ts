// The step: one template imported or cloned, or one MachineSet moved, with what the plan says and nothing else.

import type { Log } from "../common/log.ts";
import type { Context, Notice, Progress } from "./apply/context.ts";
import { makeFurtherTemplate } from "./apply/further-template.ts";
import { type ImportTemplateRequest, importTemplate } from "./apply/import-template.ts";
import { isTemplateOf, isUsable, type Owner } from "./apply/ownership.ts";
import { requireFit } from "./apply/require-fit.ts";
import { templateReference } from "./apply/template-reference.ts";
import type { Assessment } from "./assessment.ts";
import type { Tell } from "./cluster/event.ts";
import { aboutMachineSet, aboutPolicy } from "./cluster/involved.ts";
import type { Kube } from "./cluster/kube.ts";
import { pointMachineSet } from "./cluster/machine-set-template.ts";
import { type BootImageTarget, isImported } from "./decide/boot-image.ts";
import type { CloneStep, ImportStep, MoveStep, Step } from "./decide/steps.ts";
import { imageRoute } from "./image-route.ts";
import { readKeptOf } from "./keeping.ts";
import type { Notify } from "./notice-board.ts";
import type { ImageSource } from "./ova/download.ts";
import type { VCenters } from "./vcenters.ts";
import { VimFault } from "./vsphere/fault.ts";
import { findByPath } from "./vsphere/inventory.ts";
import type { Session } from "./vsphere/session.ts";
import { readTemplate, type TemplateFacts } from "./vsphere/template.ts";

export interface StepParts {
  kube: Kube;
  vcenters: VCenters;
  tell: Tell;
  /** Tells what an admin should hear of the step, though it goes on. */
  notify: Notify;
  log: Log;
  /** Ends the step. */
  signal: AbortSignal;
  assessment: Assessment;
  /** Inventory paths of what steps in the same vCenter make just now. */
  making: Set<string>;
  spareBlocks: Buffer[];
}

/** Takes the step whole or not at all. Throws what its parts throw: OvaError, VimFault, AccountError, MachineSetError. */
export async function takeStep(parts: StepParts, step: Step, onProgress: (progress: Progress) => void): Promise<void> {
  const { policy } = parts.assessment;
  await parts.vcenters.use(step.place.server, policy, async (shared) => {
    const session = shared.under(parts.signal);
    if (step.kind === "Move") return await move(parts, step, session);
    const { signal, log, making, spareBlocks } = parts;
    const onNotice = (notice: Notice) => parts.notify(policy, notice);
    const context = { signal, log, making, spareBlocks, onProgress, onNotice };
    const work = { session, context };
    return await (step.kind === "Import" ? importTo(parts, step, work) : cloneTo(parts, step, work));
  });
}

interface Making {
  session: Session;
  context: Context;
}

async function importTo(parts: StepParts, step: ImportStep, making: Making): Promise<void> {
  const made = await importTemplate(making.session, await requestFor(parts, step, making.session), making.context);
  const { release, path, reused } = made;
  if (!reused) await announce(parts, "TemplateImported", `Boot image ${release} was imported as ${path}.`);
}

async function requestFor(
  { kube, log, assessment }: StepParts,
  step: ImportStep | CloneStep,
  session: Session,
): Promise<ImportTemplateRequest> {
  const { place, name } = step;
  const { release, url, sha256 } = step.image;
  const route = await imageRoute(kube, assessment);
  const image = { release, url, sha256, ...route, onResume: resumeLog(log, url) };
  const keep = await readKeptOf(session, assessment, step);
  return { image, owner: assessment.owner, place, finalName: name, keep };
}

function resumeLog(log: Log, url: string): ImageSource["onResume"] {
  const { host, pathname } = new URL(url);
  return (resume) => log.warn({ image: `${host}${pathname}`, ...resume }, "A download was resumed.");
}

async function cloneTo(parts: StepParts, step: CloneStep, making: Making): Promise<void> {
  const { session, context } = making;
  const { place, from } = step;
  const source = await findByPath(session, from.path);
  if (source === null) throw missing(from.path, place.server);
  const request = { ...(await requestFor(parts, step, session)), source };
  const made = await makeFurtherTemplate(session, request, context);
  if (made.reused) return;
  if (made.bytes === 0) await announce(parts, "TemplateCloned", `Template ${from.path} was cloned to ${made.path}.`);
  else await announce(parts, "TemplateImported", `Boot image ${made.release} was imported as ${made.path}.`);
}

async function move(parts: StepParts, step: MoveStep, session: Session): Promise<void> {
  const { place, image, path, was } = step;
  const { assessment, signal } = parts;
  const machineSet = assessment.machineSets.find(({ name }) => name === step.machineSet);
  if (machineSet === undefined) throw new TypeError(`the plan moves MachineSet ${step.machineSet}, which is not there`);
  const reference = await findByPath(session, path);
  if (reference === null) throw missing(path, place.server);
  const facts = reference.type === "VirtualMachine" ? await readTemplate(session, reference) : null;
  if (facts === null || !isFit(facts, image, assessment.owner)) {
    const message = `${path} of vCenter ${place.server} is no template of ${image.release}: it is looked at again.`;
    throw new VimFault("TemplateInvalid", message);
  }
  const { provider } = machineSet;
  const policy = assessment.policy?.template.snapshot ?? "Auto";
  if (provider !== null) await requireFit(session, reference, { provider, policy, path });
  const template = await templateReference(session, place.datacenter, { name: step.name, path, reference });
  // From here on it is done whole.
  if (signal.aborted)
    throw new VimFault("Interrupted", `MachineSet ${machineSet.name} is not moved: it was asked to stop.`);
  await pointMachineSet(parts.kube, machineSet, { was, template });
  const message = `New machines boot ${image.release} from template ${template}; before: ${was}.`;
  await parts.tell(aboutMachineSet(machineSet), { type: "Normal", reason: "MachineSetMoved", message });
}

/** Of a pre-staged template only the release is asked, whoever made it. */
function isFit(facts: TemplateFacts, image: BootImageTarget, owner: Owner): boolean {
  return isImported(image) ? isUsable(facts, image, owner) : isTemplateOf(facts, image.release);
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
