// The head of a deployment: the line of the text status that names its image, told from all other lines.

export interface Head {
  /** The reference as printed; null when rpm-ostree could not print it. */
  image: string | null;
  booted: boolean;
  /** By a mark behind the reference: no version of rpm-ostree prints one, but people write it. */
  pinned: boolean;
}

/** Where a line stands. */
export interface Place {
  /** Behind a blank line or the title of the list. */
  afterGap: boolean;
  /** Behind the head of the booted deployment. */
  afterBooted: boolean;
  /** The column in which the value of the last key began; null before any key. */
  valueColumn: number | null;
  /** The next two lines that are not blank. */
  following: () => string[];
}

/**
 * `● ` or `* ` before the booted one (what becomes of the bullet on its way into a ticket is anything but ASCII, `?` or `-`), two spaces
 * before the others.
 */
const shape = /^(\s*)(?:([*?-]|[^\p{ASCII}└├│─]{1,4})\s+)?(\S+)(?=\s|$)(.*)$/u;

/** Behind it ` (index: 0)` with -v, and what people add. */
const marks = /^(?:\s+\([^()]*\))*\s*(?:$|[#<←]|\/\/)/;

const failed = /^\s*(?:(\S{1,3})\s+)?\(error fetching image metadata\)/;

/** A transport that nothing else has, whatever people put behind it, such as `@sha256:<digest>`. */
const transport = /^(?:ostree-(?:unverified|image|remote)[a-z-]*:|(?:pivot|ostree|rojig|oscontainer):\/\/)\S/;

/** References whose transport or form nothing else has. */
const reference =
  /^(?:ostree-(?:unverified|image|remote)[a-z-]*:|(?:pivot|ostree|rojig|oscontainer):\/\/|(?:docker|registry|oci|oci-archive|containers-storage|dir):)\S|^[0-9a-f]{64}$|@sha256:[0-9a-f]+$|^(?!https?:)[\w.+-]+:[\w.+-]+\/\S+$/;

/** A word that may be a branch, or a package of a repository: `vmcheck`, `fedora:fedora-coreos-31.1-1.x86_64`. */
const word = /^(?!https?:|[A-Z][A-Za-z]+:(?:sha256:|[0-9a-f]{64}$))[A-Za-z0-9:][^\s"'`<>|$]*(?<![:#%>])$/;

/** One of these stands in the line below every head; `└─` before a title from the commit's metadata. */
const below =
  /^\s*(?:(?:Digest|CustomOrigin|OstreeRemoteStatus|Version|Timestamp|(?:Booted)?(?:Base)?Commit):(?!\/\/)|[└├]|[`|]-)/;

/** Null when the line is no head. */
export function headOf(line: string, place: Place): Head | null {
  const error = failed.exec(line);
  if (error !== null) return { image: null, booted: error[1] !== undefined, pinned: false };
  const [all, indent = "", bullet, image = "", behind = ""] = shape.exec(line) ?? [];
  if (all === undefined || !(word.test(image) || transport.test(image))) return null;
  const known = reference.test(image);
  if (!known && !marks.test(behind)) return null;
  const isHead = bullet === undefined ? isOther(indent, known, place) : isBooted(bullet, known, place);
  return isHead ? { image, booted: bullet !== undefined, pinned: /\(pinned(?:: ?yes)?\)/i.test(behind) } : null;
}

function isBooted(bullet: string, known: boolean, place: Place): boolean {
  return isFollowed(place) || (known && !/[?-]/.test(bullet) && !place.afterBooted);
}

function isOther(indent: string, known: boolean, place: Place): boolean {
  // The rest of a list of packages or of signatures stands below the value before it.
  if (place.valueColumn !== null && indent.length >= place.valueColumn - 1) return false;
  // The journal drops blank lines, but never does a list end right before a deployment's first key.
  if (!place.afterGap) return below.test(place.following()[0] ?? "") || (known && place.following().length === 0);
  return isFollowed(place) || (known && place.following().length === 0);
}

/** One line of noise may have come between, but no other head. */
function isFollowed({ following }: Place): boolean {
  const [first = "", second = ""] = following();
  return below.test(first) || (below.test(second) && !reference.test(shape.exec(first)?.[3] ?? ""));
}
