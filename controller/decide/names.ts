// The names of templates: one per place and release, never used twice for different content.
import { hash } from "./hash.ts";

/** vSphere's limit for the name of a virtual machine. */
const limit = 80;
const middle = "-rhcos-";
/** A shortened part ends in a dash and a hash of this many digits. */
const hashLength = 8;
/** Of a dash, a release of 32 characters, and `-2` to `-9`. */
const longestEnd = 35;

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

/** With what every name begins that `templateName` makes for the infrastructure, whatever the place and release. */
export function templatePrefix(infrastructureName: string): string {
  const name = safe(infrastructureName);
  const shortest = limit - middle.length - longestEnd - hashLength;
  return name.length <= shortest ? name + middle : name.slice(0, shortest - hashLength - 1);
}

/** The release with which a name of our scheme ends, before a `-2` to `-9`; null where it ends otherwise. */
export function releaseInName(name: string): string | null {
  return releaseAtEnd.exec(name)?.[1] ?? null;
}

/** `9.8.20260428-0` or `416.94.202510081640-0`; a number behind it is the attempt. */
const releaseAtEnd = /-rhcos-.+?-(\d{1,3}\.\d{1,3}\.(?:\d{12}|\d{8})-\d{1,6})(?:-[2-9])?$/;

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
