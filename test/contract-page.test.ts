// The contract page: its Node is one that the programs make, and its tables of the report are the schema's.
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { annotationsOf } from "../agent/annotations.ts";
import { agentAnnotations, nodeAnnotations, nodeLabels } from "../common/annotations.ts";
import { Deployment, Report } from "../common/report.ts";
import { verdictPatch } from "../controller/cluster/node-verdict.ts";
import { judge } from "../controller/decide/verdict.ts";
import { nodeFacts } from "./controller/decide/facts.ts";
import { input } from "./controller/decide/judge-input.ts";
import { rendered } from "./controller/decide/reports.ts";
import { blocksOf } from "./markdown-pages.ts";
import { tablesOf } from "./markdown-tables.ts";
import { textOf } from "./source-text.ts";

const page = "docs/contract.md";
const Node = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()), annotations: z.record(z.string(), z.string()) }),
});
const { labels, annotations } = Node.parse(parse(blocksOf(textOf(page), "yaml")[0] ?? "")).metadata;
const text = annotations[agentAnnotations.report] ?? "";
const report = Report.parse(JSON.parse(text));

test("the agent makes the Node's annotations of the Node's report", () => {
  const made = Object.entries(annotationsOf(report)).filter(([, value]) => value !== null);
  const shown = Object.entries(annotations).filter(([key]) => key.startsWith("agent."));
  expect(shown).toEqual(made);
});

test("the controller makes the Node's verdict of it", () => {
  const own = { name: "lab-7x2kq-worker-a-x8k2m", createdAt: "2026-11-01T00:00:00Z" };
  const image = `quay.io/openshift-release-dev/ocp-v4.0-art-dev@${report.booted?.digest}`;
  const release = report.bootImage?.release ?? "";
  const given = input({
    report: text,
    node: { ...nodeFacts("node-worker"), bootID: report.bootID },
    machineConfigs: new Map([[rendered.metadata.name, image]]),
    machine: { ...own, template: `lab-7x2kq-rhcos-a-${release}` },
    template: { release, marker: true, createDate: null },
  });
  const verdict = judge(given);
  const message = verdict.message.replace(rendered.metadata.name, "rendered-worker-1");
  expect(verdictPatch({ written: {} }, { ...verdict, message })?.metadata).toEqual({
    labels,
    annotations: Object.fromEntries(Object.entries(annotations).filter(([key]) => !key.startsWith("agent."))),
  });
});

test("every name of a Node is shown, but for what only a node has that waits for a reboot", () => {
  const names = Object.values({ ...agentAnnotations, ...nodeLabels, ...nodeAnnotations });
  const shown = [...Object.keys(labels), ...Object.keys(annotations), agentAnnotations.stagedDigest];
  expect(shown.sort()).toEqual(names.sort());
});

test("the tables have the fields of the schema", () => {
  const fields = (tablesOf(page).get("The report") ?? []).map(([field]) => field);
  const [reportFields, deploymentFields] = [Object.keys(Report.shape), Object.keys(Deployment.shape)];
  // Two tables stand under one heading: the second begins with its head and the line below it.
  expect(fields).toEqual([...reportFields, "Field", "---", ...deploymentFields]);
});
