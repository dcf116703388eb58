// A vCenter that takes every call and answers none: nobody waits for it, that is said, and its own work goes on when it answers again.
import { afterAll, beforeAll, expect, test } from "vitest";
import { machineSetTemplates, type Stage } from "../demo/stage.ts";
import { machineSetName, westZones, type Zone, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { conditions, expectRecovery } from "./fault-stage.ts";
import { release } from "./held-import.ts";
import { openStage } from "./open-stage.ts";

const name = "9.8.20261202-2";
let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ nodes: false, west: true });
  await expectRecovery(stage);
});
afterAll(() => stage?.lab.close());

async function moved(into: readonly Zone[], within: number): Promise<void> {
  await until({ signal: stage.signal, what: `MachineSets at ${name}`, within }, async () => {
    const templates = await machineSetTemplates(stage);
    return into.every((zone) => templates.get(machineSetName(zone))?.endsWith(name));
  });
}

async function untilReachable(status: string, within: number): Promise<string> {
  return await until({ signal: stage.signal, what: `VCentersReachable ${status}`, within }, async () => {
    const condition = (await conditions(stage)).get("VCentersReachable");
    return condition?.status === status && condition.message;
  });
}

test("the other vCenter's MachineSets wait for seconds only", { timeout: 300_000 }, async () => {
  const west = stage.lab.west ?? expect.unreachable("the lab has no second vCenter");
  await west.control.fault({ method: "*", delayMs: 90_000, times: -1 });
  await release(stage, name);
  await moved(zones, 30_000);
  expect(await untilReachable("False", 120_000)).toContain("localhost: ");
  await west.control.clearFaults();
  await moved(westZones, 120_000);
  await untilReachable("True", 30_000);
});
