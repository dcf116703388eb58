// The names: those of the code are those of docs/, both ways, and each stands in one place of the code.
import type { Registry } from "prom-client";
import { describe, expect, test } from "vitest";
import { createMetrics as createAgentMetrics } from "../agent/metrics.ts";
import {
  agentAnnotations,
  agentName,
  controllerName,
  machineSetAnnotations,
  metricsClientCA,
  namespace,
  nodeAnnotations,
  nodeLabels,
  readerName,
  uninstallName,
  vcenterSecret,
} from "../common/annotations.ts";
import { reasons } from "../common/reasons.ts";
import { conditionTypes } from "../controller/decide/conditions.ts";
import { createMetrics as createControllerMetrics } from "../controller/metrics.ts";
import { ownMetrics } from "../scripts/metrics-page.ts";
import { firstColumn, tablesOf } from "./markdown-tables.ts";
import { sourceTexts, textOf } from "./source-text.ts";

const namesPage = "docs/names.md";

describe("docs/reasons.md", () => {
  test("holds each group of reasons, in the order of the code, with their sentences", () => {
    const groups = textOf("common/reasons.ts").split(/^ {2}\/\/ /m);
    const expected = groups.slice(1).map((group) => {
      const [heading = ""] = group.split("\n", 1);
      const names = [...group.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name ?? "");
      return [heading, names.map((name) => [name, Object.entries(reasons).find(([key]) => key === name)?.[1]])];
    });
    expect([...tablesOf("docs/reasons.md")]).toEqual(expected);
  });

  test("holds every reason", () => {
    const documented = [...tablesOf("docs/reasons.md").values()].flat().map(([name]) => name);
    expect(documented).toEqual(Object.keys(reasons));
  });
});

test("every reason is used", () => {
  const texts = [...sourceTexts()].flatMap(([file, text]) => (file === "common/reasons.ts" ? [] : [text])).join("\n");
  const isUsed = (name: string) => new RegExp(`(?<=["'\`/])${name}(?=["'\`/])|\\breasons\\.${name}\\b`).test(texts);
  expect(Object.keys(reasons).filter((name) => !isUsed(name))).toEqual([]);
});

describe("docs/metrics.md", () => {
  const rows = (registry: Registry) =>
    ownMetrics(registry)
      .map(({ name, type, labelNames, help }) => [name, type, labelNames.join(", "), help])
      .sort();

  test.each([
    ["Agent", createAgentMetrics("node", "0").registry],
    ["Controller", createControllerMetrics("0").registry],
  ])("holds the metrics of the %s with type, labels and help", (heading, registry) => {
    const documented = tablesOf("docs/metrics.md").get(heading) ?? [];
    expect(documented.map((cells) => cells.map((cell) => cell.replaceAll("`", ""))).sort()).toEqual(rows(registry));
  });

  test("answers what is looked for elsewhere by a metric that there is, or by why there is none", () => {
    const registries = [createAgentMetrics("node", "0").registry, createControllerMetrics("0").registry];
    const names = registries.flatMap(rows).map(([name]) => name);
    const answers = tablesOf("docs/metrics.md").get("Looked for elsewhere, found here") ?? [];
    expect(answers).toHaveLength(15);
    for (const [wish, here = "", why = ""] of answers) {
      const named = [...`${here} ${why}`.matchAll(/bootwarden_\w+/g)].map(([name]) => name.replace(/_count$/, ""));
      expect(
        named.filter((name) => !names.includes(name)),
        wish,
      ).toEqual([]);
      expect(here + why, wish).not.toBe("");
    }
  });

  test("names metrics as Prometheus asks: counters, and no others, end in _total, and units are its base units", () => {
    const all = ["Agent", "Controller"].flatMap((heading) => tablesOf("docs/metrics.md").get(heading) ?? []);
    const odd = all.filter(([name = "", type]) => {
      const otherUnit = /_(ms|millis|milliseconds|minutes|hours|days|kb|mb|gb|mib|gib|percent)(_|$)/.test(name);
      return !/^bootwarden(_[a-z]+)+$/.test(name) || name.endsWith("_total") !== (type === "counter") || otherUnit;
    });
    expect(all.length).toBeGreaterThan(25);
    expect(odd).toEqual([]);
  });
});

describe("docs/names.md", () => {
  test.each<[string, readonly string[]]>([
    ["Objects", [namespace, agentName, controllerName, uninstallName, readerName, vcenterSecret, metricsClientCA]],
    ["Annotations of Nodes, written by the agent", Object.values(agentAnnotations)],
    ["Labels of Nodes, written by the controller", Object.values(nodeLabels)],
    ["Annotations of Nodes, written by the controller", Object.values(nodeAnnotations)],
    ["Annotations of MachineSets", Object.values(machineSetAnnotations)],
    ["Conditions of the BootImagePolicy", conditionTypes],
  ])("holds under %s what the code has", (heading, names) => {
    expect(firstColumn(namesPage, heading)).toEqual(names);
  });

  test.each(["agent", "controller"])("holds the environment of the %s with its defaults", (program) => {
    const documented = tablesOf(namesPage).get(`Environment of the ${program}`) ?? [];
    const [, block = ""] =
      /^const Variables = z\.object\(\{\n(.*?)^\}\);/ms.exec(textOf(`${program}/settings.ts`)) ?? [];
    const variables = block.split(/^ {2}(?=[A-Z])/m).filter((part) => /^[A-Z_]+:/.test(part));
    const expected = variables.map((part) => [
      /^[A-Z_]+/.exec(part)?.[0],
      /_default\(.*, "?([^",)]*)"?\)/.exec(part)?.[1] ?? "",
    ]);
    expect(documented.map(([name, value]) => [name, value])).toEqual(expected);
  });

  test.each(["agent", "controller"])("holds the exit codes of the %s", (program) => {
    const text = textOf(`${program}/main.ts`);
    const codes = [...text.matchAll(/process\.exitCode = .*\? (\w+) : (\w+);/g)].flatMap(([, ...names]) => names);
    const values = codes.map((code) => new RegExp(`const ${code} = (\\d+);`).exec(text)?.[1] ?? code);
    expect(firstColumn(namesPage, "Exit codes of both programs")).toEqual(["0", ...values.sort()]);
  });

  test("holds every variable that is read from the environment", () => {
    const readers = [...sourceTexts()].filter(([, text]) => text.includes("process.env")).map(([file]) => file);
    expect(readers.sort()).toEqual(["agent/settings.ts", "cli/settings.ts", "controller/settings.ts"]);
  });
});

describe("annotations, labels and other shared names", () => {
  test("are spelled in common/annotations.ts only", () => {
    const spelled = [...sourceTexts()].flatMap(([file, text]) =>
      [...text.matchAll(/["'`](?:agent\.)?bootwarden\.io\/(?!v1alpha1["'`])[^"'`]*["'`]/g)].map(([key]) => [file, key]),
    );
    expect(new Set(spelled.map(([file]) => file))).toEqual(new Set(["common/annotations.ts"]));
  });
});
