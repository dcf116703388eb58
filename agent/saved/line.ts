// The line of a saved text, and the same without what terminals, logs, tickets and web pages put around it.

export interface Line {
  /** Without colours only. */
  raw: string;
  /** What rpm-ostree printed, as far as that can be told. */
  text: string;
  /** The last of the text, where no line's end shows that it is all there. */
  cut: boolean;
}

/** Every line, however it ended. */
export function linesOf(text: string): Line[] {
  const plain = visible(text.replace(/\r+\n?/g, "\n").replace(colours, ""))
    // The JSON ends without a line's end: whatever is printed next stands behind its last brace.
    .replace(/^\}(?=[^\s,\]}])/gm, "}\n");
  const lines = plain.split("\n");
  return lines.map((raw, index) =>
    raw === "" ? blank : { raw, text: cleanText(raw), cut: index === lines.length - 1 },
  );
}

/** One for all: a text may be nothing but line ends. */
const blank: Line = { raw: "", text: "", cut: false };

const esc = String.fromCharCode(27);
const bell = String.fromCharCode(7);

/** Sequences that set colours (CSI), titles or links (OSC), and character sets. */
const colours = new RegExp(
  `${esc}(?:\\[[0-9;:?<=>]{0,64}[ -/]{0,8}[@-~]|\\][^${bell}${esc}]{0,2048}(?:${bell}|${esc}\\\\)|[()*+][0-9A-Z]|[@-Z\\\\^_])`,
  "g",
);

const invisible = /[^\P{Cc}\t\n]|[\u200B-\u200D\u2060\uFEFF]/u;

/** A replacement makes a list of all that it removes, which takes long for a text that is nothing else. */
function visible(text: string): string {
  if (!invisible.test(text)) return text;
  const units = new Uint16Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (!isInvisible(unit)) units[length++] = unit;
  }
  return Buffer.from(units.buffer, 0, 2 * length).toString("utf16le");
}

function isInvisible(unit: number): boolean {
  if (unit < 0xa0) return (unit < 0x20 && unit !== 0x09 && unit !== 0x0a) || unit >= 0x7f;
  return (unit >= 0x200b && unit <= 0x200d) || unit === 0x2060 || unit === 0xfeff;
}

function cleanText(raw: string): string {
  if (raw === "") return raw;
  const text = raw.replace(written, "").replace(/[\u00A0\u202F]/g, " ");
  const own = withoutPrefix(text).replace(bullet, "$1● ").trimEnd();
  // Only of the end: the pattern would try every blank of a long line.
  return own.slice(0, -80) + own.slice(-80).replace(callouts, "");
}

/** Colours whose escape character is written out, or got lost. */
const written = /(?:\^\[|\\e|\\033|\\x1b|\u241B)\[[\d;]{0,16}m|\[\d{1,2}(?:;\d{1,3}){0,4}m/gi;

/** The bullet by its name in HTML or in the source of a program, and one that lost the blank behind it. */
const bullet =
  /^(\s{0,40})(?:(?:&bull;|&#9679;|&#x25cf;|\\u25cf|\\xe2\\x97\\x8f|\\342\\227\\217|<U\+25CF>|<e2><97><8f>)\s*|[●•*](?=[\w.+-]{1,100}:\S{0,300}\/))(?=\S)/i;

/** The marks of a documentation for its notes: `<1>`, `(1)`, `①`, perhaps behind a comment sign. */
const callouts = /(?:\s+(?:(?:#|\/\/) ?)?(?:<(?:\d{1,2}|\.)>|\(\d{1,2}\)|[①-⑳❶-❿])){1,8}$/;

/** Of a web page, a quotation, a container's log, klog, the journal in every format that names the process, and of a clock before each line. */
const prefixes = [
  /^(?:<\/?(?:pre|code|samp|tt|p|div|span)\b[^<>]{0,100}>){1,4}/i,
  /^(?:[>|│](?: |$)){1,8}/,
  /^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\]?(?: std(?:out|err) [FP])?(?: |$)/,
  /^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{1,9} +\d{1,10} [^\s\]]{1,100}\] /,
  /^(?:[^"{}]{0,200}[\s(])?[\w@.+-]{1,100}\)?\[\d{1,10}\]: ?/,
  /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})? [\w.-]{1,253} [\w@.+-]{1,100}:(?: |$)/,
  /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})?(?: |$)/,
];

function withoutPrefix(line: string): string {
  return prefixes.reduce((text, prefix) => text.replace(prefix, ""), line);
}
