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

/** Verifies, marks, renames and reads again. Throws VimFault: TemplateInvalid, NameTaken, … */
export async function finishTemplate(session: Session, made: Reference, markers: Markers): Promise<TemplateFacts> {
  verify(session, await readTemplate(session, made), markers);
  await markAsTemplate(session, made);
  await rename(session, made, markers.name);
  const facts = await readTemplate(session, made);
  verify(session, facts, markers);
  if (facts.isTemplate && facts.name === markers.name) return facts;
  throw invalid(session, facts, "it is no template of that name");
}

/** What a caller gets for a template. */
export function madeTemplate(
  facts: TemplateFacts,
  made: { release: string; reused: boolean; bytes: number },
): MadeTemplate {
  return { name: facts.name, path: facts.path, reference: facts.reference, ...made };
}

function verify(session: Session, facts: TemplateFacts, markers: Markers): void {
  const { productVersion } = facts;
  if (productVersion !== markers.release) {
    throw invalid(session, facts, `its product version is ${productVersion ?? "missing"}, not ${markers.release}`);
  }
  const lost = Object.entries(markers).filter(([key, value]) => Object(facts.markers)[key] !== value);
  if (lost.length > 0) throw invalid(session, facts, `its markers are not those that were given (${lost.join("; ")})`);
  if (facts.poweredOn) throw invalid(session, facts, "it is powered on");
}

function invalid(session: Session, facts: TemplateFacts, why: string): VimFault {
  return new VimFault(
    "TemplateInvalid",
    `${facts.path} of vCenter ${session.server} is not what was asked for: ${why}.`,
  );
}
