// The tables that are generated: they are those of the code, and what stands around them stays.
import { expect, test } from "vitest";
import { metricsPage } from "../../scripts/metrics-page.ts";
import { monitoringPage } from "../../scripts/monitoring-page.ts";
import { withTable } from "../../scripts/page-table.ts";
import { textOf } from "../source-text.ts";

const rules = textOf("manifests/components/alerts/prometheus-rule.yaml");

test("docs/metrics.md and docs/monitoring.md are as `npm run docs` writes them", () => {
  expect(metricsPage(textOf("docs/metrics.md"))).toBe(textOf("docs/metrics.md"));
  expect(monitoringPage(textOf("docs/monitoring.md"), rules)).toBe(textOf("docs/monitoring.md"));
});

test("another alert, another severity and another help change them", () => {
  const page = textOf("docs/monitoring.md");
  expect(monitoringPage(page, rules.replace("alert: BootwardenHalted", "alert: BootwardenStopped"))).toContain(
    "| [BootwardenStopped](runbooks/BootwardenStopped.md) | warning | 5m |",
  );
  expect(metricsPage(textOf("docs/metrics.md").replace("| gauge | `server` | 1 if the vCenter answered", "| x"))).toBe(
    textOf("docs/metrics.md"),
  );
});

const page = "# P\n\n## A\n\nBefore.\n\n| x | y |\n|---|---|\n| 1 | |\n\nAfter.\n\n## B\n\nNo table.\n";

test("what stands around a table stays", () => {
  expect(
    withTable(page, "A", [
      ["2", ""],
      ["3", "z"],
    ]),
  ).toBe(page.replace("| 1 | |", "| 2 | |\n| 3 | z |"));
});

test.each(["B", "C"])("a page without a table under %s is refused", (heading) => {
  expect(() => withTable(page, heading, [])).toThrow(`no table under "${heading}"`);
});
