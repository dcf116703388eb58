// The runbooks: one for each alert and a row for each reason, none too many, and no sentence that stands on two pages.
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { reasons } from "../common/reasons.ts";
import { tablesOf } from "./markdown-tables.ts";
import { alertRules } from "./monitoring/alert-rules.ts";
import { textOf } from "./source-text.ts";

const directory = "docs/runbooks";
const page = (alert: string) => textOf(`${directory}/${alert}.md`);
const { rules } = await alertRules();
const alerts = rules.map(({ alert }) => alert);

test("every alert has its page, where its link leads, and every page its alert", () => {
  const pages = readdirSync(new URL(`../${directory}`, import.meta.url)).filter((name) =>
    name.startsWith("Bootwarden"),
  );
  expect(pages.sort()).toEqual([...new Set(alerts)].map((alert) => `${alert}.md`).sort());
  expect(rules.filter(({ alert, annotations }) => annotations.runbook_url !== `${directory}/${alert}.md`)).toEqual([]);
});

describe.each(alerts)("%s", (alert) => {
  const [title, ...parts] = page(alert).split(/^#+ /m).slice(1);

  test("says what it means, what it costs, how to see it and how to mend it", () => {
    expect(title).toBe(`${alert}\n\n`);
    expect(parts.map((part) => part.split("\n", 1)[0])).toEqual([
      "Meaning",
      "Impact",
      "How to see it",
      "How to mend it",
    ]);
    for (const part of parts) expect(part.length).toBeGreaterThan(80);
  });

  test("has a command to see it with", () => {
    expect(parts[2]).toMatch(/^```sh\n(kubectl|oc|openssl) /m);
  });
});

test("no sentence of some length stands in two runbooks", () => {
  const sentences = alerts.flatMap((alert) => [...new Set(page(alert).split(/(?<=[.:])\s|\n/))]);
  const long = sentences.filter((sentence) => sentence.length > 50 && !/^(kubectl|oc) /.test(sentence));
  expect(long.filter((sentence, at) => long.indexOf(sentence) !== at)).toEqual([]);
});

test("every reason of the code has its row, with how to see it and how to mend it", () => {
  const [meaning, mending] = ["docs/reasons.md", `${directory}/reasons.md`].map(tablesOf);
  const names = (tables: Map<string, string[][]> | undefined) =>
    [...(tables ?? [])].map(([heading, rows]) => [heading, rows.map(([name]) => name)]);
  expect(names(mending)).toEqual(names(meaning));
  const rows = [...(mending?.values() ?? [])].flat();
  expect(rows.map(([name]) => name)).toEqual(Object.keys(reasons));
  expect(rows.filter((cells) => cells.length !== 3 || cells.some((cell) => cell.length < 5))).toEqual([]);
});

test("every group of reasons says what stops and what goes on, before its table", () => {
  const groups = textOf(`${directory}/reasons.md`).split(/^## /m).slice(1);
  const impact = /^.+\n\n\*\*Stops:\*\* (.{20,}\.)\n\*\*Goes on:\*\* (.{20,}\.)\n\n\| Reason /;
  expect(groups.filter((group) => !impact.test(group)).map((group) => group.split("\n", 1)[0])).toEqual([]);
  const told = groups.map((group) => impact.exec(group)?.[0].split("\n").slice(1).join());
  expect(groups.map((group) => group.split("\n", 1)[0])).toEqual([...tablesOf("docs/reasons.md").keys()]);
  expect(new Set(told).size).toBe(groups.length);
});
