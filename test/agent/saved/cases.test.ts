// The parser cases: each saved text of test/fixtures/saved-status gives the records beside it, and docs/saved-status.md names each.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readSaved } from "../../../agent/saved/saved-status.ts";
import { firstColumn } from "../../markdown-tables.ts";

const directory = new URL("../../fixtures/saved-status/", import.meta.url);
const read = (file: string) => readFileSync(new URL(file, directory), "utf8");
const cases = readdirSync(directory)
  .filter((file) => file.endsWith(".txt"))
  .map((file) => file.replace(".txt", ""));

describe("the cases", () => {
  test.each(cases)("%s", (name) => {
    const printed = readSaved(read(`${name}.txt`)).map((node) => JSON.stringify(node));
    expect(printed).toEqual(read(`${name}.jsonl`).trimEnd().split("\n"));
  });

  test("each stands in the table of docs/saved-status.md", () => {
    expect(firstColumn("docs/saved-status.md", "Cases").sort()).toEqual(cases.sort());
  });
});
