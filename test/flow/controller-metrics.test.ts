// The metrics of vCenters and MachineSets as the running controller serves them: room, sessions, and what is up to date.
import { afterAll, beforeAll, expect, test } from "vitest";
import { machineSetTemplates, type Stage } from "../demo/stage.ts";
import { machineSetName, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { release } from "./held-import.ts";
import { openStage } from "./open-stage.ts";

const name = "9.8.20261203-0";
/** Of each datastore before anything stands in it, in bytes. */
const space = 1_000_000_000_000;
let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ nodes: false, vcenterFlags: [`--free-space=${space}`] });
});
afterAll(() => stage?.lab.close());

async function served(): Promise<string[]> {
  return (await (await fetch(stage.lab.controller?.metrics ?? "")).text()).split("\n");
}

async function untilServed(...lines: string[]): Promise<void> {
  await until({ signal: stage.signal, what: lines.join(", "), within: 40_000 }, async () => {
    const all = await served();
    const missing = lines.filter((line) => !all.includes(line));
    if (missing.length === 0) return true;
    throw new Error(`not served: ${missing.join(", ")}`);
  });
}

test("each datastore's free space, as vCenter has it", async () => {
  const names = zones.map(
    ({ datastore }) => `bootwarden_datastore_free_bytes{server="127.0.0.1",datastore="${datastore}"} `,
  );
  const found = await until({ signal: stage.signal, what: "room", within: 40_000 }, async () => {
    const lines = (await served()).filter((line) => names.some((name) => line.startsWith(name)));
    return lines.length === names.length && lines.map((line) => Number(line.split(" ").at(-1)));
  });
  for (const bytes of found) {
    expect(bytes).toBeLessThanOrEqual(space);
    expect(bytes).toBeGreaterThan(0.9 * space);
  }
});

test("which MachineSets are up to date, before and after a release", async () => {
  const sets = zones.map((zone) => machineSetName(zone));
  await untilServed(...sets.map((set) => `bootwarden_machineset_up_to_date{machineset="${set}"} 1`));
  await release(stage, name);
  await until({ signal: stage.signal, what: `MachineSets at ${name}`, within: 60_000 }, async () =>
    [...(await machineSetTemplates(stage)).values()].every((template) => template.endsWith(name)),
  );
  await until({ signal: stage.signal, what: `${name} in the metrics` }, async () => {
    const info = (await served()).filter((line) => line.startsWith("bootwarden_machineset_template_info"));
    const isDone = (line: string) => line.includes(`release="${name}",target="${name}",reason="OnTarget"`);
    return info.length === sets.length && info.every(isDone);
  });
  await untilServed(...sets.map((set) => `bootwarden_machineset_up_to_date{machineset="${set}"} 1`));
});

test("the sessions that vCenter has", async () => {
  const { soap, rest } = await stage.lab.vcenter.control.sessions();
  const own = stage.lab.vcenter.username;
  const open = [...soap, ...rest].filter(({ user }) => user === own).length;
  expect(open).toBeGreaterThan(0);
  await untilServed(`bootwarden_vcenter_sessions{server="127.0.0.1"} ${open}`);
});
