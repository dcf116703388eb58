// The table of a page: the rows under a heading, put anew, whatever stands around them.

/** `rows`: cells as Markdown has them. Throws for a page that has no table under the heading. */
export function withTable(page: string, heading: string, rows: readonly (readonly string[])[]): string {
  const lines = page.split("\n");
  const from = lines.indexOf(`## ${heading}`);
  const head = lines.findIndex((line, at) => at > from && line.startsWith("|"));
  const next = lines.findIndex((line, at) => at > from && line.startsWith("## "));
  if (from < 0 || head < 0 || (next >= 0 && head > next)) throw new Error(`The page has no table under "${heading}".`);
  const end = lines.findIndex((line, at) => at > head && !line.startsWith("|"));
  const table = rows.map((cells) => `|${cells.map((cell) => (cell === "" ? " " : ` ${cell} `)).join("|")}|`);
  return [...lines.slice(0, head + 2), ...table, ...lines.slice(end < 0 ? lines.length : end)].join("\n");
}
