// The text status: what `rpm-ostree status` prints for people, of every version since 2018, read into our record.
import { type Head, headOf } from "./deployment-head.ts";
import { deploymentOf, type Fields, wholeImage, wholeValue } from "./deployment-text.ts";
import { remarksOn } from "./remarks.ts";
import { HostError, type Status } from "./status.ts";
import { readHeader } from "./status-header.ts";

/** The title of the list; with -b there is one deployment. */
export const listLine = /^\s*(?:Booted)?Deployments?:\s*$/;

/** What stands below the list. */
const end = /^\s*Available ?update:/i;

/** Of another program: below it no key belongs to a deployment. */
const foreign = /^\s*(?:Removing debug pod|rpm-ostree:\s*$|\$ |(?:sh-[\d.]+|\[[^\]]*\]|\S{1,64}@\S{1,64}) ?[$#] )/;

/** An image or a version is far shorter, and no such line is a head or a key that matters. */
const longestLine = 8192;

/**
 * The lines of one status, with whatever noise between. `whole` is false when the last line may have been cut off.
 * The modifications are not told: in text they are lists for people, wrapped and grouped. Throws HostError (UnreadableOutput).
 */
export function parseStatusText(lines: string[], whole: boolean): Omit<Status, "modifications"> {
  const title = lines.findIndex((line) => listLine.test(line));
  const header = readHeader(title < 0 ? lines : lines.slice(0, title));
  const { blocks, cut } = blocksOf(lines.slice(title + 1), whole);
  if (blocks.length === 0) throw new HostError("UnreadableOutput", "The status names no deployment: it is cut off.");
  if (blocks.length > 1000) throw new HostError("UnreadableOutput", "The status names more than 1,000 deployments.");
  const all = blocks.map(({ head, fields }) => ({ fields, deployment: deploymentOf(head, fields) }));
  const deployments = all.map(({ deployment }) => deployment);
  const unread = blocks.some(({ head, fields }) => head.image === null && fields.size > 0);
  return {
    deployments,
    state: header.state,
    transaction: header.transaction,
    warnings: [
      ...header.warnings,
      ...(unread ? ["rpm-ostree could not read the metadata of an image"] : []),
      ...(cut ? ["the text ends in the middle of a line"] : []),
      ...all.flatMap(({ fields, deployment }) => remarksOn({ deployment, endOfLife: fields.get("EndOfLife") })),
    ],
  };
}

interface Block {
  head: Head;
  fields: Fields;
}

function blocksOf(lines: string[], whole: boolean): { blocks: Block[]; cut: boolean } {
  const blocks: Block[] = [];
  const last = whole ? -1 : lines.length - 1;
  let cut = false;
  for (const { index, head, field } of entriesOf(lines)) {
    const fields = blocks.at(-1)?.fields;
    if (head !== null) {
      const image = index === last ? wholeImage(head.image) : head.image;
      cut ||= image !== head.image;
      blocks.push({ head: { ...head, image }, fields: new Map() });
    } else if (fields?.has(field.key) === false) {
      const value = index === last ? wholeValue(field.key, field.value) : field.value;
      cut ||= value === undefined;
      fields.set(field.key, value ?? "");
    }
  }
  return { blocks, cut };
}

type Entry = { index: number } & ({ head: Head; field: null } | { head: null; field: Field });

function* entriesOf(lines: string[]): Generator<Entry, void> {
  const place = { afterGap: true, afterBooted: false, valueColumn: null as number | null };
  let own = true;
  for (const [index, line] of lines.entries()) {
    if (end.test(line)) return;
    const blank = line.trim() === "";
    const readable = !blank && line.length <= longestLine;
    const head = readable ? headOf(line, { ...place, following: () => nextLines(lines, index) }) : null;
    own = head !== null || (own && !foreign.test(line));
    const field = readable && own && head === null ? fieldOf(line) : null;
    place.afterGap = blank;
    place.afterBooted ||= head?.booted === true;
    if (field !== null) place.valueColumn = field.column;
    if (head !== null) yield { index, head, field: null };
    else if (field !== null) yield { index, head, field };
  }
}

/** Two at most; farther away nothing belongs to the line any more. */
function nextLines(lines: string[], index: number): string[] {
  const near = lines.slice(index + 1, index + 9);
  return near.filter((line) => line.trim() !== "").slice(0, 2);
}

interface Field {
  key: string;
  value: string;
  /** Where the value begins. */
  column: number;
}

function fieldOf(line: string): Field | null {
  const [, before = "", key, value = ""] = /^(\s*([A-Z][A-Za-z]{2,40}): *)(.*)$/.exec(line) ?? [];
  return key === undefined ? null : { key, value: value.trim(), column: before.length };
}
