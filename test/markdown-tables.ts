// The tables of a Markdown page, by the heading they stand under.
import { readFileSync } from "node:fs";

/** Heading to the rows of its table, without the table's head; code marks are taken off cells that are all code. */
export function tablesOf(page: string): Map<string, string[][]> {
  const tables = new Map<string, string[][]>();
  let heading = "";
  for (const line of readFileSync(new URL(`../${page}`, import.meta.url), "utf8").split("\n")) {
    heading = /^#+ (.+)$/.exec(line)?.[1] ?? heading;
    if (!line.startsWith("|")) continue;
    const cells = line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replace(/^`([^`]*)`$/, "$1"));
    tables.set(heading, [...(tables.get(heading) ?? []), cells]);
  }
  return new Map([...tables].map(([name, rows]) => [name, rows.slice(2)]));
}

/** The first column of the table under `heading`. */
export function firstColumn(page: string, heading: string): string[] {
  return (tablesOf(page).get(heading) ?? []).map(([cell]) => cell ?? "");
}
