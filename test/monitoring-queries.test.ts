// The queries of alerts and dashboard: they ask only for metrics and labels that the programs have, and forget no metric that only an alert could show.
import { describe, expect, test } from "vitest";
import { isReason } from "../common/reasons.ts";
import { conditionTypes } from "../controller/decide/conditions.ts";
import { tablesOf } from "./markdown-tables.ts";
import { alertRules } from "./monitoring/alert-rules.ts";
import { dashboard, dashboardQueries } from "./monitoring/dashboard.ts";

const metrics = new Map(
  ["Agent", "Controller"].flatMap((heading) =>
    (tablesOf("docs/metrics.md").get(heading) ?? []).map(([name = "", type, labels = ""]) => {
      return [name, { type, labels: [...labels.matchAll(/\w+/g)].map(([label]) => label) }] as const;
    }),
  ),
);
/** Of every series that Prometheus reads. */
const targetLabels = ["job", "namespace", "instance", "pod"];

const queries = [
  ...(await alertRules()).rules.map(({ alert, expr }) => ({ where: alert, expr })),
  ...dashboardQueries().map(({ panel, expr }) => ({ where: panel, expr })),
];

interface Selector {
  metric: string;
  labels: string[];
}

function selectorsIn(expr: string): Selector[] {
  const found = expr.matchAll(/\b(bootwarden_\w+|up)\b(?:\{([^}]*)\})?/g);
  return [...found].map(([, metric = "", matchers = ""]) => ({
    metric,
    labels: [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = ""]) => label),
  }));
}

/** A histogram has three kinds of series, and one has the label `le`. */
function known(metric: string): string[] | undefined {
  if (metric === "up") return [];
  const exact = metrics.get(metric);
  if (exact !== undefined && exact.type !== "histogram") return exact.labels;
  const histogram = metrics.get(metric.replace(/_(?:bucket|count|sum)$/, ""));
  return histogram?.type === "histogram" && histogram !== exact ? [...histogram.labels, "le"] : undefined;
}

/** What the label `label` is compared with: single words, of which some have a part after a slash. */
function wordsFor(label: string, expr: string): string[] {
  const matchers = expr.matchAll(new RegExp(`\\b${label}\\s*(?:=~|!~|!=|=)\\s*"([^"]*)"`, "g"));
  return [...matchers].flatMap(([, value = ""]) => value.split("|"));
}

describe("what they compare labels with is there:", () => {
  const all = queries.map(({ expr }) => expr).join("\n");

  test("reasons", () => {
    const named = wordsFor("reason", all);
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((word) => !isReason(word.replace(/\/\.\+$/, "")))).toEqual([]);
  });

  test.each<[string, readonly string[]]>([
    ["verdict", ["Verified", "Updating", "Mismatch", "Unknown"]],
    ["type", conditionTypes],
  ])("each %s", (label, known) => {
    const named = wordsFor(label, all);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((word) => !known.includes(word))).toEqual([]);
  });
});

describe.each(queries)("$where: $expr", ({ expr }) => {
  const selectors = selectorsIn(expr);

  test("asks for what there is", () => {
    expect(selectors.length).toBeGreaterThan(0);
    for (const { metric, labels } of selectors) {
      const has = known(metric);
      expect(has, metric).toBeDefined();
      expect(
        labels.filter((label) => ![...(has ?? []), ...targetLabels].includes(label)),
        metric,
      ).toEqual([]);
    }
  });

  test("groups by what there is", () => {
    const made = [...expr.matchAll(/label_replace\([^"]*"(\w+)"/g)].map(([, label]) => label);
    const labels = [...selectors.flatMap(({ metric }) => known(metric) ?? []), ...made];
    const wanted = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = ""]) => list.split(/,\s*/));
    expect(wanted.filter((label) => !labels.includes(label))).toEqual([]);
  });
});

test("the dashboard's panels have ids of their own, and fill their rows", () => {
  const { rows } = dashboard();
  const ids = rows.flatMap(({ panels }) => panels.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
  for (const { title, panels } of rows)
    expect([title, panels.reduce((sum, { span }) => sum + span, 0) % 12]).toEqual([title, 0]);
});

test("a table of the dashboard names each label that its query gives", () => {
  for (const { panels } of dashboard().rows)
    for (const { title, type, styles, targets } of panels) {
      if (type !== "table") continue;
      const labels = /\bby \(([^)]*)\)/.exec(targets[0]?.expr ?? "")?.[1]?.split(/,\s*/) ?? [];
      const named = (styles as { pattern: string }[]).map(({ pattern }) => pattern);
      expect([title, named]).toEqual([title, [...labels, "Value", "Time"]]);
    }
});
