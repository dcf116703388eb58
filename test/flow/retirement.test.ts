// Retirement in a lab: of three releases in turn the oldest goes when nothing names it, and nothing foreign is touched.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kubectl, type Stage, scale, waitForNodes } from "../demo/stage.ts";
import { installedTemplate, machineSetName, type Zone } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import {
  inFolder,
  makeTemplate,
  moveTo,
  noWayBack,
  setPolicy,
  templateOf,
  untilGone,
  untilKept,
  zoneA,
  zoneB,
} from "./old-templates.ts";
import { openStage } from "./open-stage.ts";
import { addSpare, annotateSet, machinePath, removeMachine, setTemplate, spare } from "./template-referrers.ts";

const [first, second, third, fourth] = [
  "9.8.20261201-0",
  "9.8.20261202-0",
  "9.8.20261203-0",
  "9.8.20261204-0",
] as const;
const both = (release: string) => [zoneA, zoneB].map((zone) => templateOf(zone, release));
const wayBackOf = (zone: Zone) => `MachineSet/${machineSetName(zone)} (previous template)`;

const foreign = {
  unmarked: templateOf(zoneA, "9.4.20250101-0"),
  otherCluster: templateOf(zoneB, "9.4.20250102-0"),
  renamed: templateOf(zoneA, "9.4.20250103-0"),
};

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await makeTemplate(stage, foreign.unmarked, null);
  await makeTemplate(stage, foreign.otherCluster, { cluster: "other-x1y2z" });
  await makeTemplate(stage, foreign.renamed, { name: templateOf(zoneA, "9.4.20250104-0") });
});
afterAll(() => stage?.lab.close());

describe("three releases in turn", () => {
  test("the oldest goes when nothing names it and two others are there", async () => {
    for (const release of [first, second]) await moveTo(stage, release);
    await untilKept(stage, templateOf(zoneA, first), [wayBackOf(zoneA)]);
    expect(await inFolder(stage)).toEqual(expect.arrayContaining(both(first)));
    await moveTo(stage, third);
    await untilGone(stage, both(first));
    await untilKept(stage, templateOf(zoneB, second), [wayBackOf(zoneB)]);
  });

  test("it is told", async () => {
    const events = await kubectl(stage, "get", "events", "--field-selector", "reason=TemplateRetired,type=Normal");
    for (const name of both(first)) expect(events).toContain(name);
    const metrics = await (await fetch(stage.lab.controller?.metrics ?? "")).text();
    expect(metrics).toContain('bootwarden_step_seconds_count{step="Retire",server="127.0.0.1",result="Success"} 2');
  });

  test("of the two others the older stays as long as it is retained, or the way back", async () => {
    await noWayBack(stage);
    await untilKept(stage, templateOf(zoneA, second), []);
    await annotateSet(stage, zoneA, { "bootwarden.io/previous-template": templateOf(zoneA, second) });
    await setPolicy(stage, { template: { retain: 1 } });
    await untilGone(stage, [templateOf(zoneB, second)]);
    await untilKept(stage, templateOf(zoneA, second), [wayBackOf(zoneA)]);
    await noWayBack(stage);
    await untilGone(stage, both(second));
  });
});

test("a linked clone keeps its template while it runs, and a VM with our markers is not touched", async () => {
  await addSpare(stage, { template: templateOf(zoneA, third), cloneMode: "linkedClone" });
  await scale(stage, spare, 1);
  const isVerified = ({ verdict }: { verdict: string | undefined }) => verdict === "Verified";
  const [node] = await waitForNodes(stage, "a Node of it", { count: 1, test: isVerified });
  await setTemplate(stage, spare, { template: installedTemplate(zoneA) });
  await moveTo(stage, fourth);
  await noWayBack(stage);
  await untilGone(stage, [templateOf(zoneB, third)]);
  await untilKept(stage, templateOf(zoneA, third), [`Machine/${node?.name}`]);
  const name = node?.name ?? "";
  expect(await inFolder(stage)).toContain(name);
  await scale(stage, spare, 0);
  await until({ signal: stage.signal, what: "the end of its VM" }, async () => !(await inFolder(stage)).includes(name));
  await removeMachine(stage, machinePath(name));
  await untilGone(stage, [templateOf(zoneA, third)]);
});

test("what is not ours, or not any more, is still there", async () => {
  const names = [...Object.values(foreign), ...both(fourth), installedTemplate(zoneA), installedTemplate(zoneB)];
  expect((await inFolder(stage)).sort()).toEqual(names.sort());
});
