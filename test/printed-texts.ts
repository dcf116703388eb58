// The printed texts: what the programs and the admission policies say to people, so that a page can be held against them.
import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseAst } from "rolldown/parseAst";
import { textOf } from "./source-text.ts";

export interface PrintedText {
  file: string;
  /** Each `hole` is a place where something is filled in. */
  text: string;
}

const root = fileURLToPath(new URL("..", import.meta.url));
const hole = "\0";

/** Every string of the sources, whole, and every message of the manifests. */
export function printedTexts(): PrintedText[] {
  const sources = globSync("{agent,controller,common,cli}/**/*.ts", { cwd: root });
  const manifests = globSync("manifests/**/*.yaml", { cwd: root });
  return [
    ...sources.flatMap((file) =>
      [...stringsIn(parseAst(textOf(file), { lang: "ts" }))].map((text) => ({ file, text })),
    ),
    ...manifests.flatMap((file) =>
      [...textOf(file).matchAll(/^ *message: (?![>|{'"])(.+)$/gm)].map(([, text = ""]) => ({ file, text })),
    ),
  ];
}

/**
 * Whether a program can say what is quoted: `<word>` in it stands for what differs, and is nothing but what the program fills in; `…` at
 * an end for more. A text that fills in nearly everything says nothing.
 */
export function canSay({ text }: PrintedText, quote: string): boolean {
  const said = quote.replace(/^…\s*|\s*…$/g, "");
  const part = cut(text, { begin: quote.startsWith("…") ? said : "", end: quote.endsWith("…") ? said : "" });
  if (part.replaceAll(hole, "").length < 0.4 * said.replaceAll(/<[^>]*>/g, "").length) return false;
  const pattern = part
    .split(hole)
    .map((words) => words.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("(.*)");
  return new RegExp(`^${pattern}$`, "s").test(said);
}

/** So many characters tell where a quotation begins and ends in a longer text. */
const telling = 10;

function cut(text: string, { begin, end }: { begin: string; end: string }): string {
  const from = text.indexOf(begin.slice(0, telling));
  const to = text.lastIndexOf(end.slice(-telling));
  return from < 0 || to < 0 ? "" : text.slice(from, end === "" ? text.length : to + end.slice(-telling).length);
}

interface Syntax extends Record<string, unknown> {
  type: string;
}

function isSyntax(value: unknown): value is Syntax {
  return typeof value === "object" && value !== null && "type" in value;
}

function* stringsIn(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const one of value) yield* stringsIn(one);
  if (!isSyntax(value)) return;
  const whole = wholeOf(value);
  if (whole === undefined) return yield* stringsIn(Object.values(value));
  yield whole.text;
  yield* stringsIn(whole.filledIn);
}

interface Whole {
  text: string;
  /** What is filled in may hold texts of its own. */
  filledIn: unknown[];
}

/** A string, a template, or such as are joined by `+`. */
function wholeOf(syntax: Syntax): Whole | undefined {
  const { type, value, quasis, expressions, operator, left, right } = syntax;
  if (type === "Literal" && typeof value === "string") return { text: value, filledIn: [] };
  if (type === "TemplateLiteral" && Array.isArray(quasis) && Array.isArray(expressions))
    return {
      text: quasis.map((quasi: { value: { cooked: string } }) => quasi.value.cooked).join(hole),
      filledIn: expressions,
    };
  if (type !== "BinaryExpression" || operator !== "+" || !isSyntax(left) || !isSyntax(right)) return undefined;
  const [one, other] = [wholeOf(left), wholeOf(right)];
  if (one === undefined && other === undefined) return undefined;
  const [before, behind] = [one ?? { text: hole, filledIn: [left] }, other ?? { text: hole, filledIn: [right] }];
  return { text: before.text + behind.text, filledIn: [...before.filledIn, ...behind.filledIn] };
}
