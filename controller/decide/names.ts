// The names of templates: one per place and release, never used twice for different content.
import { hash } from "./hash.ts";

/** vSphere's limit for the name of a virtual machine. */
const limit = 80;
const middle = "-rhcos-";
/** A shortened part ends in a dash and a hash of this many digits. */
const hashLength = 8;

export interface TemplateNameParts {
  infrastructureName: string;
  /** The place's label. */
  place: string;
  /** A release as `isRelease` allows: at most 32 characters. It is never shortened. */
  release: string;
  /** 1, or higher when somebody else holds the names before it: `-2`, `-3`. */
  attempt?: number;
}

/** `<infrastructureName>-rhcos-<place>-<release>`, at most 80 characters; what is cut away leaves its hash. */
export function templateName({ infrastructureName, place, release, attempt = 1 }: TemplateNameParts): string {
  const end = `-${release}${attempt > 1 ? `-${attempt}` : ""}`;
  const room = limit - middle.length - end.length;
  const placeAtLeast = Math.min(safe(place).length, hashLength);
  const head = shorten(infrastructureName, room - placeAtLeast);
  return head + middle + shorten(place, room - head.length) + end;
}

/** The text if it is safe and short enough, else as much of it as fits before its hash. */
function shorten(text: string, length: number): string {
  const name = safe(text);
  if (name.length <= length) return name;
  const digest = hash(text);
  const kept = name.slice(0, Math.max(0, length - hashLength - 1));
  return kept === "" ? digest : `${kept}-${digest}`;
}

/** vCenter escapes % / and \ in names, and shells trip over the rest; a text with any such thing gets its hash. */
function safe(text: string): string {
  const name = text.replace(/[^A-Za-z0-9._-]/g, "-");
  return name === text ? name : `${name}-${hash(text)}`;
}
