// A hostile node in the lab: what it writes as its report costs it its own verdict, and nobody else anything.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentAnnotations, agentName, nodeAnnotations, nodeLabels } from "../../common/annotations.ts";
import { Report } from "../../common/report.ts";
import { kubectl, type Stage, scale, waitForNodes } from "../demo/stage.ts";
import type { KubeObject } from "../lab/api.ts";
import { machineSetName, type Zone, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { openStage } from "./open-stage.ts";

const [zoneA] = zones as [Zone];
const labelled = 'bootwarden_node_verdict{node="innocent",verdict="Mismatch",reason="OSImageMismatch"} 1';
let stage: Stage;
let hostile: string;
let innocent: KubeObject;
let honest: Report;

beforeAll(async () => {
  stage = await openStage();
  await scale(stage, machineSetName(zoneA), 2);
  const nodes = await waitForNodes(stage, "two Nodes Verified", {
    count: 2,
    test: ({ verdict }) => verdict === "Verified",
  });
  const [first, second] = nodes.map(({ name }) => name);
  hostile = first ?? "";
  honest = Report.parse(JSON.parse((await nodeOf(hostile)).metadata.annotations?.[agentAnnotations.report] ?? ""));
  innocent = await nodeOf(second ?? "");
});
afterAll(() => stage?.lab.close());

async function nodeOf(name: string): Promise<KubeObject> {
  return (await stage.lab.api.get(`/api/v1/nodes/${name}`)) ?? expect.fail(`there is no Node ${name}`);
}

/** Writes as whoever is root on the node can: with the token of its agent. */
async function write(annotations: Record<string, string>): Promise<void> {
  const { api, ground } = stage.lab;
  const token = await readFile(join(ground.directory, "agents", hostile, "token"), "utf8");
  const path = `/api/v1/nodes/${hostile}?fieldManager=${agentName}`;
  await api.withToken(token).merge(path, { metadata: { annotations } });
}

/** What cannot be seen is escaped, or it would not get past the admission policy. */
const report = (over: object) =>
  JSON.stringify({ ...honest, ...over }).replace(/[\p{Cf}\p{Zl}]/gu, (one) => `\\u${one.charCodeAt(0).toString(16)}`);
const error = (reason: string, message: string) => report({ booted: null, error: { reason, message } });

describe("a report of", () => {
  const cases: [string, () => string, RegExp][] = [
    ["half of one", () => report({}).slice(0, 200), /^Unknown ReportInvalid The report is no JSON\.$/],
    ["a version of 1e999", () => '{"v":1e999}', /^Unknown ReportInvalid .*version 1: v: /],
    ["1,000 lists in each other", () => "[".repeat(1000) + "]".repeat(1000), /^Unknown ReportInvalid .*the whole: /],
    ["__proto__", () => `{"__proto__":${report({ warnings: [] })}}`, /^Unknown ReportInvalid .*version 1: v: /],
    ["a deployment that is a list", () => report({ booted: [1] }), /^Unknown ReportInvalid .*booted/],
    ["counts of 1e300", () => report({ modifications: { layered: 1e300 } }), /^Unknown ReportInvalid .*modifications/],
    ["another boot", () => report({ bootID: "x" }), /^Unknown ReportOfOtherBoot /],
    [
      "an error that is a metric",
      () => error(`x"} 1\n${labelled}\n`, "m"),
      /^Unknown AgentError\/Unexpected The agent says: m$/,
    ],
    [
      "an error that obeys a terminal",
      () => error("TimedOut", `a\u001b[2J\n{"level":"fatal"}\u202e\u2028${"x".repeat(2000)}`),
      /^Unknown AgentError\/TimedOut The agent says: a \[2J \{"level":"fatal"\} x+…$/,
    ],
    [
      "an image that nobody asked for, unlocked in many lines",
      () =>
        report({
          booted: { ...honest.booted, digest: `sha256:${"0".repeat(64)}`, image: "x", unlocked: "a\nb\u001b[1m" },
        }),
      /^Mismatch OSImageMismatch OS image: .* \(unlocked: a b \[1m\); boot image: /,
    ],
    [
      "a boot image that is none",
      () => report({ bootImage: { release: '9"} 1\n', source: "/" } }),
      /^Verified DigestMatch /,
    ],
    ["what it was", () => report({}), /^Verified DigestMatch /],
  ];

  test.each(cases)("%s: its own verdict, in one line", async (_, text, expected) => {
    await write({ [agentAnnotations.report]: text() });
    await until({ signal: stage.signal, what: `${expected}` }, async () => {
      const { labels, annotations } = (await nodeOf(hostile)).metadata;
      const said = `${labels?.[nodeLabels.verdict]} ${annotations?.[nodeAnnotations.verdictReason]} ${annotations?.[nodeAnnotations.verdictMessage]}`;
      if (expected.test(said)) return true;
      throw new Error(said);
    });
    expect(await nodeOf(innocent.metadata.name)).toEqual(innocent);
  });
});

describe("after all that", () => {
  test("the other annotations, which nothing reads, change no verdict", async () => {
    const { bootedDigest, bootedImage, bootImage } = agentAnnotations;
    await write({ [bootedDigest]: `sha256:${"0".repeat(64)}`, [bootedImage]: "{{.}}", [bootImage]: "9.0.20200101-0" });
    await waitForNodes(stage, "Verified as before", { count: 2, test: ({ verdict }) => verdict === "Verified" });
  });

  test("each line of the controller's log is one JSON object of its own making", async () => {
    const log = await readFile(join(stage.lab.ground.logs, "controller.log"), "utf8");
    const lines = log
      .trim()
      .split("\n")
      .map((line): { name?: string; level?: string } => JSON.parse(line));
    expect(new Set(lines.map(({ name }) => name))).toEqual(new Set(["bootwarden-controller"]));
    expect(lines.filter(({ level }) => level === "fatal")).toEqual([]);
    expect(log.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  test("no series of the metrics is the node's", async () => {
    const expected = [await nodeOf(hostile), innocent].map(
      ({ metadata }) => `bootwarden_node_verdict{node="${metadata.name}",verdict="Verified",reason="DigestMatch"} 1`,
    );
    await until({ signal: stage.signal, what: "the metrics of the last verdicts" }, async () => {
      const metrics = await (await fetch(stage.lab.controller?.metrics ?? "")).text();
      expect(metrics).not.toContain("innocent");
      const series = metrics.split("\n").filter((line) => line.startsWith("bootwarden_node_verdict"));
      expect(series.sort()).toEqual(expected.sort());
      return true;
    });
  });

  test("Events and the policy's status say nothing in its words", async () => {
    const told = await kubectl(stage, "get", "events,bootimagepolicies", "-A", "-o", "json");
    expect(told).not.toMatch(/\\u001b|\\u202e|\\u2028|innocent|9\.0\.20200101/);
    const about = `involvedObject.kind=Node,involvedObject.name=${innocent.metadata.name}`;
    expect(await kubectl(stage, "get", "events", "-A", "--field-selector", about)).toBe("");
  });

  test("the controller is the one that was started", () => {
    expect(stage.lab.controller?.child().running()).toBe(true);
  });
});
