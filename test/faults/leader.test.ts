// The leader among two replicas: killed, stopped, cut off or frozen in mid-import, it has ended before the other acts, and what comes
// of both is what comes of one.
import { readFile } from "node:fs/promises";
import { kill } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { difference } from "./difference.ts";
import * as peer from "./peer-room.ts";
import { releases } from "./releases.ts";
import { ended, isReady, leads, leasePath, openReplicas, type Replica, type Replicas, type Said } from "./replicas.ts";

/** Seconds. */
const lease = { LEASE_SECONDS: "20", LEASE_RENEWAL_SECONDS: "10", LEASE_RETRY_SECONDS: "2" };
const nextRelease = releases();
let replicas: Replicas;

beforeAll(async () => {
  replicas = await openReplicas(lease);
  const release = nextRelease();
  await replicas.room.offer(release);
  await replicas.room.settled(release);
});
afterEach(async () => {
  await replicas.room.lab.vcenter.control.clearFaults();
  for (const { line, program } of replicas.all) {
    line.silence = null;
    if (program.child().running()) kill(program.child().pid, "SIGCONT");
    else await program.start();
  }
});
afterAll(() => replicas?.close());

/** The leader is in mid-import, and the upload stands still until it is let go. */
async function inMidImport() {
  const [leader, follower, release] = [await replicas.leader(), await replicas.follower(), nextRelease()];
  replicas.forget();
  const held = await peer.holdUpload(replicas.room, release);
  return { leader, follower, release, letGo: held.letGo };
}

/** What comes of it is as of one controller that nobody disturbed: one template in each place, and each MachineSet moved once. */
async function asOfOne(release: string): Promise<void> {
  await replicas.room.settled(release, 120_000);
  expect(await difference(replicas.room, release)).toEqual([]);
  expect(calls(/^PATCH .*\/machinesets\//)).toHaveLength(zones.length);
}

function calls(pattern: RegExp, replica?: Replica): Said[] {
  return replicas.said.filter((one) => pattern.test(one.call) && (replica?.name ?? one.replica) === one.replica);
}

/** Everything but the lease itself. */
function acts(replica: Replica): Said[] {
  return replicas.said.filter((one) => one.replica === replica.name && !one.call.includes("/leases"));
}

/** When the replica first asked for something that is not the lease: it may have begun to lead a moment ago. */
async function firstAct(replica: Replica): Promise<number> {
  const what = `the first act of the ${replica.name}`;
  return await until({ signal: replicas.room.signal, what }, async () => acts(replica)[0]?.at);
}

/** When the replica wrote the lease for the first time. */
function takenBy(replica: Replica): number {
  return calls(/^(PUT|POST) .*\/leases/, replica)[0]?.at ?? Number.NaN;
}

/** Of both sessions. */
function expectLogouts(replica: Replica): void {
  const names = acts(replica).map(({ call }) => call);
  expect(names).toEqual(expect.arrayContaining(["DELETE /rest/com/vmware/cis/session", "Logout"]));
}

async function logOf({ program }: Replica): Promise<string> {
  return await readFile(program.child().logFile, "utf8");
}

test("a follower is ready, serves nothing that is judged, watches nothing, and has no session with vCenter", async () => {
  const follower = await replicas.follower();
  expect(await isReady(follower.program)).toBe(true);
  const text = await (await fetch(follower.program.metrics)).text();
  const samples = text.split("\n").filter((line) => /^bootwarden_/.test(line));
  expect(samples.filter((line) => !/ 0$/.test(line))).toEqual(['bootwarden_controller_build_info{version="0.1.0"} 1']);
  expect(samples.filter((line) => !/_(total|bucket|sum|count)[{ ]|build_info/.test(line))).toEqual([
    "bootwarden_leader 0",
  ]);
  expect(acts(follower)).toEqual([]);
  expect(calls(/leases/, follower).length).toBeGreaterThan(0);
  const leader = await replicas.leader();
  expect((await (await fetch(leader.program.metrics)).text()).includes("bootwarden_machineset_state{")).toBe(true);
});

test("kill -9 in mid-import: the other takes over when the lease has run out", async () => {
  const { leader, follower, release, letGo } = await inMidImport();
  await leader.program.stop("SIGKILL");
  await letGo();
  await asOfOne(release);
  expect(await leads(follower.program)).toBe(true);
});

test("SIGTERM in mid-import: it cleans up, logs out and gives the lease back, and the other acts at once", async () => {
  const { leader, follower, release, letGo } = await inMidImport();
  await leader.program.stop("SIGTERM");
  await until({ signal: replicas.room.signal, what: "the other one" }, () => leads(follower.program));
  await letGo();
  const returned = calls(/^PUT .*\/leases/, leader).at(-1)?.at ?? Number.NaN;
  // Without the news of it the other one would have waited for as long as the lease lasts.
  expect(takenBy(follower) - returned).toBeLessThan(2_000);
  expectLogouts(leader);
  expect(acts(leader).at(-1)?.at).toBeLessThan(returned);
  expect(await firstAct(follower)).toBeGreaterThan(returned);
  await asOfOne(release);
});

test("cut off from the API server in mid-import: it has aborted, removed, logged out and ended before the other begins", async () => {
  const { leader, follower, release, letGo } = await inMidImport();
  const { promise, resolve } = Promise.withResolvers<void>();
  leader.line.silence = promise;
  await ended(leader, 30_000);
  expect((await replicas.leader()).name).toBe(follower.name);
  expect(await logOf(leader)).toMatch(/"reason":"LeadershipLost".*not renewed within 10 s/);
  expect(acts(leader).map(({ call }) => call)).toContain("HttpNfcLeaseAbort");
  expectLogouts(leader);
  expect(acts(leader).at(-1)?.at).toBeLessThan(takenBy(follower));
  expect(await firstAct(follower)).toBeGreaterThan(takenBy(follower));
  leader.line.silence = null;
  resolve();
  await letGo();
  await asOfOne(release);
});

test("frozen for longer than its lease, while vCenter's answer waits for it: it does nothing when it wakes", async () => {
  const [leader, follower, release] = [await replicas.leader(), await replicas.follower(), nextRelease()];
  replicas.forget();
  const { control } = replicas.room.lab.vcenter;
  await control.fault({ method: "HttpNfcLeaseComplete", delayMs: 1_500 });
  await replicas.room.offer(release);
  await until(
    { signal: replicas.room.signal, what: "the end of the upload", every: 10 },
    async () => calls(/^HttpNfcLeaseComplete$/, leader).length > 0,
  );
  const { pid } = leader.program.child();
  kill(pid, "SIGSTOP");
  await until({ signal: replicas.room.signal, what: "the other one", within: 60_000 }, () => leads(follower.program));
  await asOfOne(release);
  const before = replicas.said.filter(({ replica }) => replica === leader.name).length;
  kill(pid, "SIGCONT");
  await ended(leader, 10_000);
  expect(replicas.said.filter(({ replica }) => replica === leader.name).slice(before)).toEqual([]);
  expect(await logOf(leader)).toMatch(/"reason":"LeadershipLost"/);
});

test("the lease taken from it by hand: it ends at once, and the other waits as long as the new holder was promised", async () => {
  const [leader, follower] = [await replicas.leader(), await replicas.follower()];
  await replicas.room.lab.api.merge(leasePath, { spec: { holderIdentity: "somebody", leaseDurationSeconds: 6 } });
  replicas.forget();
  await ended(leader, 6_000);
  expect(await logOf(leader)).toMatch(/"reason":"LeadershipLost".*held by somebody/);
  expect(takenBy(follower)).toBeNaN();
  expect((await replicas.leader()).name).toBe(follower.name);
});

test("the lease deleted: its holder makes it anew, and nobody else does", async () => {
  const [leader, follower] = [await replicas.leader(), await replicas.follower()];
  const { api } = replicas.room.lab;
  replicas.forget();
  await api.remove(leasePath);
  await until({ signal: replicas.room.signal, what: "a lease" }, async () => (await api.get(leasePath)) !== undefined);
  await sleep(3_000);
  expect([await leads(leader.program), await leads(follower.program)]).toEqual([true, false]);
  expect(calls(/^POST .*\/leases/).map(({ replica }) => replica)).toEqual([leader.name]);
  expect(calls(/^PUT .*\/leases/, follower)).toEqual([]);
});
