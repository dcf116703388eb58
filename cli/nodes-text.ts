// The Nodes for programs: JSON with a stable schema, and CSV that no spreadsheet takes for formulas.
import { fieldNames, type ListedNode } from "./node-listing.ts";
import { printable } from "./text/span.ts";

/** Raised when a field changes its meaning or goes; a new field does not raise it. */
export const schemaVersion = 1;

/** `notShown`: what could not be read, in words. */
export function nodesJson(nodes: readonly ListedNode[], notShown: readonly string[]): string {
  const listed = nodes.map((node) => Object.fromEntries(fieldNames.map((name) => [name, node[name]])));
  const json = JSON.stringify({ schema: schemaVersion, nodes: listed, notShown }, null, 2);
  return `${escaped(json)}\n`;
}

/** RFC 4180, with a header line. */
export function nodesCsv(nodes: readonly ListedNode[]): string {
  const lines = [fieldNames, ...nodes.map((node) => fieldNames.map((name) => node[name] ?? ""))];
  return lines.map((fields) => `${fields.map(csvField).join(",")}\r\n`).join("");
}

/** What JSON leaves as it is and a terminal obeys. */
function escaped(json: string): string {
  return json.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) =>
    character === "\n"
      ? character
      : Array.from(
          { length: character.length },
          (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
        ).join(""),
  );
}

/** A field that a spreadsheet would calculate gets an apostrophe, which it does not show (OWASP, CSV Injection). */
function csvField(value: string): string {
  const line = printable(value).trim();
  const inert = /^[=+\-@|%\uff1d\uff0b\uff0d\uff20]/.test(line) ? `'${line}` : line;
  return /[",;'\s]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
