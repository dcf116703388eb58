// docs/conventions.md: what is met is shown by a test that is there, and what is not says why.
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { tablesOf } from "./markdown-tables.ts";

const rows = [...tablesOf("docs/conventions.md").values()].flat();

test("every row says whether it is met", () => {
  expect(rows.length).toBeGreaterThan(40);
  expect(rows.filter((cells) => cells.length !== 5 || !["yes", "no", "otherwise"].includes(cells[2] ?? ""))).toEqual(
    [],
  );
});

test("what is met is shown by a test that is there", () => {
  const shown = rows.filter(([, , met, , by]) => met === "yes" || by !== "").map((cells) => cells[4] ?? "");
  expect(
    shown.filter((file) => !/\.test\.ts$/.test(file) || !existsSync(new URL(`../${file}`, import.meta.url))),
  ).toEqual([]);
});

test("what is not met says why", () => {
  expect(rows.filter(([, , met, why]) => met !== "yes" && (why ?? "").length < 30)).toEqual([]);
});
