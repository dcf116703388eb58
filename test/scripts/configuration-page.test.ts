// The configuration page: it is what the CRD makes of it, and every field says what it means.
import { expect, test } from "vitest";
import { configurationPage } from "../../scripts/configuration-page.ts";
import { tablesOf } from "../markdown-tables.ts";
import { textOf } from "../source-text.ts";

const crd = textOf("manifests/base/bootimagepolicies.crd.yaml");

test("docs/configuration.md is that of the CRD: `npm run docs` writes it anew", () => {
  expect(textOf("docs/configuration.md")).toBe(configurationPage(crd));
});

test.each([
  ["What the admin says", 30],
  ["What bootwarden says", 80],
])("every field under %s has its sentence", (heading, least) => {
  const rows = tablesOf("docs/configuration.md").get(heading) ?? [];
  expect(rows.length).toBeGreaterThan(least);
  expect(rows.filter((cells) => !/^[A-Z].*\.$/.test(cells.at(-1) ?? "")).map(([field]) => field)).toEqual([]);
});

test("a constraint that the page does not tell of is refused", () => {
  expect(() => configurationPage(crd.replace("maxItems: 3", "minItems: 3"))).toThrow("minItems");
});

test("what a field is, left out and allowed to be stands in its row", () => {
  const rows = tablesOf("docs/configuration.md").get("What the admin says") ?? [];
  const row = (field: string) => rows.find(([name]) => name === field)?.slice(1, 4);
  expect(row("spec.template.retain")).toEqual(["integer", "2", "1 to 100"]);
  expect(row("spec.mode")).toEqual(["string", "Observe", "`Observe`, `Manage`"]);
  expect(row("spec.vcenters[].server")).toEqual(["string", "refused", ""]);
  expect(row("spec.selection.partial.machineResourceSelector.matchLabels")?.[0]).toBe("map of strings");
});
