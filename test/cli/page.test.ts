// docs/cli.md: its tables are those of the code.
import { expect, test } from "vitest";
import { commands } from "../../cli/command-table.ts";
import { exitCodeMeanings, exitCodes } from "../../cli/exit-codes.ts";
import { firstRun } from "../../cli/first-run.ts";
import { commonFlags, type FlagName, flagOf, flags } from "../../cli/flags.ts";
import { nodeFields } from "../../cli/node-listing.ts";
import { schemaVersion } from "../../cli/nodes-text.ts";
import { firstColumn, tablesOf } from "../markdown-tables.ts";
import { textOf } from "../source-text.ts";

const page = "docs/cli.md";
const table = (heading: string) => tablesOf(page).get(heading) ?? [];

test("holds every command with its arguments and what it does", () => {
  const expected = commands.map(({ name, arguments: given, summary }) => [[name, ...given].join(" "), summary]);
  expect(table("Commands")).toEqual(expected);
});

test("holds every flag, with the commands that take it", () => {
  const expected = (Object.keys(flags) as FlagName[]).map((name) => {
    const { short, value, help } = flagOf(name);
    const spelled = `--${name}${value === undefined ? "" : `=${value}`}${short === undefined ? "" : `, -${short}`}`;
    const takers = commands.filter((command) => command.flags.includes(name)).map((command) => command.name);
    return [spelled, commonFlags.includes(name) ? "all" : takers.join(", "), help];
  });
  expect(table("Flags")).toEqual(expected);
});

test("holds every exit code", () => {
  const names = Object.keys(exitCodes) as (keyof typeof exitCodes)[];
  expect(table("Exit codes")).toEqual(names.map((name) => [`${exitCodes[name]}`, exitCodeMeanings[name]]));
});

test("holds every variable of the environment that is read", () => {
  const [, block = ""] = /^const Variables = z\.object\(\{\n(.*?)^\}\);/ms.exec(textOf("cli/settings.ts")) ?? [];
  expect(firstColumn(page, "Environment")).toEqual([...block.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name));
});

test("holds the schema of a node", () => {
  expect(table("Fields of a node")).toEqual(Object.entries(nodeFields));
  expect(textOf(page)).toContain(`{"schema": ${schemaVersion}, "nodes": [...], "notShown": [...]}`);
});

test("docs/first-run.md holds the check-list of plan --preflight", () => {
  const plain = (cell: string) =>
    cell
      .replace(/\[[^\]]+\]\(([^)]+)\)/g, "docs/$1")
      .replaceAll("`", "")
      .replace(/\*([^*]+)\*/g, "$1");
  const documented = [...tablesOf("docs/first-run.md").values()].flat().map((cells) => cells.map(plain));
  expect(firstRun.map(({ look, because, expected, otherwise }) => [look, because, expected, otherwise])).toEqual(
    documented,
  );
});
