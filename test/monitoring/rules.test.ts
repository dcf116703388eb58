// The alert rules: promtool takes them, each fires when it should and not when it need not, and tells a person what they need.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { namespace } from "../../common/annotations.ts";
import { type PrometheusPrograms, prometheusPrograms } from "../lab/prometheus-programs.ts";
import type { AlertCase } from "./alert-case.ts";
import { alertRules } from "./alert-rules.ts";
import { bootImageCases } from "./boot-image-alerts.ts";
import { nodeCases } from "./node-alerts.ts";
import { ownCases } from "./own-alerts.ts";

const { groups, rules } = await alertRules();
const cases = [...nodeCases, ...bootImageCases, ...ownCases];
let directory: string;
let programs: PrometheusPrograms;

beforeAll(async () => {
  programs = await prometheusPrograms(new AbortController().signal, console.error);
  directory = await mkdtemp(join(tmpdir(), "bootwarden-rules-"));
  await writeFile(join(directory, "rules.yaml"), stringify({ groups }));
}, 600_000);
afterAll(async () => {
  await rm(directory, { recursive: true });
});

interface Expected {
  exp_labels: Record<string, string>;
  exp_annotations: Record<string, string>;
}

/** What promtool says of `alert` after so many minutes of these series: "" where it is as expected. */
async function promtool(alert: string, input: { series: Record<string, string>; at?: number }, expected: Expected[]) {
  const one = {
    interval: "1m",
    input_series: Object.entries(input.series).map(([series, values]) => ({ series, values })),
    alert_rule_test: [{ eval_time: `${input.at ?? 120}m`, alertname: alert, exp_alerts: expected }],
  };
  const file = join(directory, "test.yaml");
  await writeFile(file, stringify({ rule_files: ["rules.yaml"], evaluation_interval: "1m", tests: [one] }));
  const { failed, stdout, stderr } = await execa(programs.promtool, ["test", "rules", file], { reject: false });
  return failed ? `${stdout}\n${stderr}` : "";
}

function expectedOf({ alert, labels, description }: AlertCase): Expected {
  const rule = rules.find((one) => one.alert === alert);
  const { summary = "", runbook_url = "" } = rule?.annotations ?? {};
  return { exp_labels: { ...rule?.labels, ...labels }, exp_annotations: { summary, runbook_url, description } };
}

test("promtool takes them", async () => {
  const { stdout } = await execa(programs.promtool, ["check", "rules", join(directory, "rules.yaml")]);
  expect(stdout).toContain(`${rules.length} rules found`);
});

test("each has a case that fires and one that does not", () => {
  const alerts = rules.map(({ alert }) => alert);
  expect(alerts.filter((alert) => !cases.some((one) => one.alert === alert))).toEqual([]);
  expect(alerts.filter((alert) => !cases.some((one) => one.alert === alert && one.silent.length > 0))).toEqual([]);
  expect(cases.filter(({ alert }) => !alerts.includes(alert))).toEqual([]);
});

describe.each(cases)("$alert", (one) => {
  test("fires, and says what a person needs", async () => {
    expect(await promtool(one.alert, { ...one, series: one.fires }, [expectedOf(one)])).toBe("");
  });

  test.each(one.silent)("is silent $why", async (input) => {
    expect(await promtool(one.alert, input, [])).toBe("");
  });
});

test.each(rules)("$alert has the form that OpenShift asks of alerts", ({ alert, labels, annotations }) => {
  expect(alert).toMatch(/^Bootwarden([A-Z][a-z]+|TLS|VCenter)+$/);
  expect(labels.namespace).toBe(namespace);
  expect(annotations.summary.length).toBeLessThan(80);
  expect(annotations.runbook_url).toBe(`docs/runbooks/${alert}.md`);
});
