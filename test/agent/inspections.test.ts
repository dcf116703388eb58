// The inspections of a host, one whose directories are never at rest among them: real inotify on a real tree, with a status that the test sets.
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Collector, HostError } from "../../agent/host/status.ts";
import { inspections } from "../../agent/inspections.ts";
import { createMetrics } from "../../agent/metrics.ts";
import { ownNode } from "../../agent/own-node.ts";
import { Publisher } from "../../agent/publisher.ts";
import { connect } from "../../common/kube/request.ts";
import { createLog } from "../../common/log.ts";
import { deployment, report } from "./reports.ts";

let root: string;
let stop: AbortController;
let looked: number[];
let version: string;
let failing: boolean;
let ended: Promise<unknown>;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "bootwarden-inspections-"));
  [stop, looked, version, failing] = [new AbortController(), [], "1", false];
  await mkdir(join(root, "ostree/deploy"), { recursive: true });
  await mkdir(join(root, "proc/sys/kernel/random"), { recursive: true });
  await writeFile(join(root, "proc/sys/kernel/random/boot_id"), `${report().bootID}\n`);
  ended = Promise.resolve();
});
afterEach(async () => {
  stop.abort();
  await ended.catch(() => undefined);
  await rm(root, { recursive: true });
});

async function restless(): Promise<void> {
  for (let time = 1; !stop.signal.aborted; time++) {
    await utimes(join(root, "ostree/deploy"), time, time);
    await pause(10);
  }
}

async function run(): Promise<void> {
  const { modifications } = report();
  const collector: Collector = {
    name: "rpm-ostree",
    collect: async () => {
      looked.push(performance.now());
      if (failing) throw new HostError("DaemonUnreachable", "no");
      return { deployments: [deployment({ version })], modifications, state: "idle", transaction: null, warnings: [] };
    },
  };
  const log = createLog("test", "silent");
  // It is offered the reports, and not run.
  const nowhere = connect(
    { server: new URL("https://127.0.0.1"), serverName: null, credentials: expect.unreachable },
    "test",
  );
  const publisher = new Publisher({ node: ownNode(nowhere, "n"), log });
  const host = { root, timeout: 1_000, signal: stop.signal };
  const intervals = { slowCheck: 3_600_000, minLook: 350 };
  await inspections({ host, collector, ...intervals, publisher, metrics: createMetrics("n", "1"), log });
}

/** Milliseconds between the looks, the latest last. */
async function gaps(count: number): Promise<number[]> {
  while (looked.length <= count) await pause(10);
  return looked.slice(1).map((time, at) => time - (looked[at] ?? 0));
}

test("looks that find nothing new become rarer; one that does, and the next ones, come as soon as before", async () => {
  ended = Promise.all([restless(), run()]);
  const noise = await gaps(4);
  expect(noise[2]).toBeLessThan(650);
  version = "2";
  const after = await gaps(6);
  expect(after[4]).toBeGreaterThan(1_300);
  expect(after[5]).toBeLessThan(650);
}, 20_000);

test("a look that failed is repeated soon, though nothing changed and the next check is an hour away", async () => {
  failing = true;
  ended = run();
  const [first] = await gaps(1);
  expect(first).toBeLessThan(10_000);
}, 15_000);
