// The finish of a template: what was made is verified under its temporary name, marked, and only then gets its final name.
import type { Reference } from "../vsphere/answer.ts";
import { VimFault } from "../vsphere/fault.ts";
import type { Markers } from "../vsphere/markers.ts";
import type { Session } from "../vsphere/session.ts";
import { markAsTemplate, readTemplate, rename, type TemplateFacts } from "../vsphere/template.ts";

export interface MadeTemplate {
  name: string;
  /** Absolute inventory path. */
  path: string;
  reference: Reference;
  release: string;
  /** It was there already. */
  reused: boolean;
  /** Bytes of the image that were transferred. */
  bytes: number;
}

/** Verifies, marks, renames and reads again. Nothing is reconfigured after this. Throws VimFault: TemplateInvalid, NameTaken, … */
export async function finishTemplate(session: Session, made: Reference, markers: Markers): Promise<TemplateFacts> {
  const before = await readTemplate(session, made);
  const fault = faultOf(before, markers);
  if (fault !== null) throw invalid(session, before, fault);
  await markAsTemplate(session, made);
  return await nameTemplate(session, made, markers);
}

/** Gives a template that `isFinished` its final name. Throws VimFault: TemplateInvalid, NameTaken, … */
export async function nameTemplate(session: Session, made: Reference, markers: Markers): Promise<TemplateFacts> {
  await rename(session, made, markers.name);
  const facts = await readTemplate(session, made);
  const fault = faultOf(facts, markers);
  if (fault !== null) throw invalid(session, facts, fault);
  if (facts.isTemplate && facts.name === markers.name) return facts;
  throw invalid(session, facts, "it is no template of that name");
}

/**
 * Whether it lacks nothing but its final name: what is marked as a template under its temporary name was completed and verified
 * before it was marked.
 */
export function isFinished(facts: TemplateFacts, markers: Markers): boolean {
  return facts.isTemplate && facts.name === markers.temp && faultOf(facts, markers) === null;
}

/** What a caller gets for a template. */
export function madeTemplate(
  facts: TemplateFacts,
  made: { release: string; reused: boolean; bytes: number },
): MadeTemplate {
  return { name: facts.name, path: facts.path, reference: facts.reference, ...made };
}

/** Why it is not what was asked for; null if it is. */
function faultOf(facts: TemplateFacts, markers: Markers): string | null {
  const { productVersion } = facts;
  if (productVersion !== markers.release) {
    return `its product version is ${productVersion ?? "missing"}, not ${markers.release}`;
  }
  const lost = Object.entries(markers).filter(([key, value]) => Object(facts.markers)[key] !== value);
  if (lost.length > 0) return `its markers are not those that were given (${lost.join("; ")})`;
  return facts.poweredOn ? "it is powered on" : null;
}

function invalid(session: Session, facts: TemplateFacts, why: string): VimFault {
  return new VimFault(
    "TemplateInvalid",
    `${facts.path} of vCenter ${session.server} is not what was asked for: ${why}.`,
  );
}
