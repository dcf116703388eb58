// The progress of an import: bytes, size and rate in the policy's status, the metrics and the log, and not too many writes.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { machineSetTemplates, policyTemplates, type Stage } from "../demo/stage.ts";
import { until } from "../lab/until.ts";
import { expectRecovery } from "./fault-stage.ts";
import { importing, release } from "./held-import.ts";
import { openStage } from "./open-stage.ts";

const policy = "/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster";
const name = "9.8.20261117-0";
let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ nodes: false, west: true });
  await expectRecovery(stage);
});
afterAll(() => stage?.lab.close());

/** The value of the metric for each vCenter. */
async function metric(wanted: string): Promise<Map<string, number>> {
  const text = await (await fetch(stage.lab.controller?.metrics ?? "")).text();
  const found = text.matchAll(new RegExp(`^${wanted}\\{server="([^"]+)"\\} (\\S+)$`, "gm"));
  return new Map([...found].map(([, server = "", value]) => [server, Number(value)]));
}

test("bytes, size and rate stand in the status, for each vCenter", async () => {
  const { open } = await release(stage, name, { held: true });
  const servers = ["127.0.0.1", "localhost"];
  await importing(stage, name, servers);
  for (const server of servers) {
    const mine = (await policyTemplates(stage)).find((one) => one.server === server && one.path.endsWith(name));
    expect(mine?.bytesTotal).toBeGreaterThan(8_000_000);
    expect(mine?.bytesDone).toBeLessThan(mine?.bytesTotal ?? 0);
    expect((await metric("bootwarden_import_uploaded_bytes")).get(server)).toBeGreaterThan(0);
    expect((await metric("bootwarden_import_size_bytes")).get(server)).toBe(mine?.bytesTotal);
  }
  open();
  await until({ signal: stage.signal, what: "the MachineSets at the release", within: 60_000 }, async () =>
    [...(await machineSetTemplates(stage)).values()].every((template) => template.endsWith(name)),
  );
});

test("a rate while it runs, at most a write a second, a line of the log at every tenth", async () => {
  const slow = "9.8.20261118-0";
  await release(stage, slow, { diskBytes: 16_000_000, rate: 4_000_000 });
  const versions = new Set<string | undefined>();
  const rates: number[] = [];
  let began = 0;
  let ended = 0;
  await until({ signal: stage.signal, what: "the import's end", within: 60_000, every: 50 }, async () => {
    const { metadata } = (await stage.lab.api.get(policy)) ?? {};
    const templates = await policyTemplates(stage);
    const mine = templates.filter(({ state, path }) => state === "Importing" && path.endsWith(slow));
    if (mine.length > 0) began ||= performance.now();
    if (mine.length > 0) versions.add(metadata?.resourceVersion);
    rates.push(...mine.flatMap(({ bytesPerSecond }) => bytesPerSecond ?? []));
    ended = performance.now();
    return began > 0 && mine.length === 0;
  });
  expect(rates.some((rate) => rate > 0)).toBe(true);
  expect(versions.size).toBeLessThanOrEqual((ended - began) / 1000 + 2);
  expect(Math.max(...(await metric("bootwarden_import_bytes_per_second")).values())).toBe(0);
  const log = (await readFile(join(stage.lab.ground.logs, "controller.log"), "utf8")).trim().split("\n");
  const tenths = log.filter((line) => line.includes("Importing a template: ") && line.includes(slow));
  expect(tenths.length).toBeGreaterThan(2);
  expect(tenths.length).toBeLessThanOrEqual(20);
});
