// The README, and the queries of docs/cli.md: their commands run in a lab as they stand, and the table of names is the code's.
import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentAnnotations, machineSetAnnotations, nodeAnnotations, nodeLabels } from "../../common/annotations.ts";
import { machineSetTemplates, type Stage, scale, waitForNodes } from "../demo/stage.ts";
import { machineSetName, type Zone, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { bootImages } from "../lab/vsphere-objects.ts";
import { openStage } from "./open-stage.ts";

const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
const manifest = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
const cliPage = await readFile(new URL("../../docs/cli.md", import.meta.url), "utf8");
const blocks = [...`${readme}\n${cliPage}`.matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => match[1] ?? "");
const own = blocks.filter((block) => block.startsWith("npm "));
const queries = blocks.filter((block) => !block.startsWith("npm "));

describe("the README", () => {
  test("has at most 130 lines besides what commands print, and blocks to run", () => {
    const own = readme.replace(/^```text\n.*?^```$/gms, "");
    expect(own.split("\n").length).toBeLessThanOrEqual(131);
    expect(queries.length).toBeGreaterThanOrEqual(3);
  });

  test("names npm scripts that exist", () => {
    const named = [...own.join("").matchAll(/^npm (?:run )?(\w+)$/gm)].map((match) => match[1]);
    expect(named).toEqual(["demo", "test"]);
    for (const name of named) expect(Object.keys(manifest.scripts)).toContain(name);
  });

  test("has the names of the contract, all of them", () => {
    const rows = [...readme.matchAll(/^\| (Node|MachineSet) (annotation|label) \| `([^`]+)` \|/gm)];
    const written = rows.map((row) => `${row[1]} ${row[2]} ${row[3]}`).sort();
    const named = (where: string, names: Record<string, string>) =>
      Object.values(names).map((name) => `${where} ${name}`);
    const spelled = [
      ...named("Node annotation", { ...agentAnnotations, ...nodeAnnotations }),
      ...named("Node label", nodeLabels),
      ...named("MachineSet annotation", machineSetAnnotations),
    ];
    expect(written).toEqual(spelled.sort());
  });

  test("gives a reason for every runtime dependency, and for no other", () => {
    const table = /(?<=^\| package \| for \|\n).*/ms.exec(readme)?.[0] ?? "";
    const reasoned = [...table.matchAll(/^\| `([^`]+)` \| \S/gm)].map((match) => match[1]);
    expect(reasoned.sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });
});

describe("in a running lab", () => {
  const [zone] = zones as [Zone];
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
    await stage.lab.api.apply(bootImages("4.20.15", stage.lab.images[1]));
    await until({ signal: stage.signal, what: "the move to release B", within: 60_000 }, async () =>
      (await machineSetTemplates(stage)).get(machineSetName(zone))?.includes(stage.lab.images[1].release),
    );
    await scale(stage, machineSetName(zone), 1);
    await waitForNodes(stage, "a Node Verified", { count: 1, test: ({ verdict }) => verdict === "Verified" });
  });
  afterAll(() => stage?.lab.close());

  test.each(queries.map((block) => [block.split("\n")[0] ?? "", block]))("%s …", async (_, block) => {
    const KUBECONFIG = stage.lab.controlPlane.kubeconfig;
    const { stdout, stderr } = await execa("bash", ["--norc", "-euo", "pipefail", "-c", block], {
      env: { KUBECONFIG },
    });
    expect(stderr.replace("No resources found", "")).toBe("");
    expect(stdout).not.toBe("");
    expect(stdout).not.toMatch(/<none>|error/i);
  });
});
