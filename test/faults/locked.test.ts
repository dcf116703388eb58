// The lock that vCenter keeps on what a killed import left: nothing waits for it, and what was locked goes in the end.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { machineSetName, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { type CrashRoom, machineSetPath, openCrashRoom } from "./crash-room.ts";
import { difference } from "./difference.ts";
import * as peer from "./peer-room.ts";
import { releases } from "./releases.ts";

/** A removal that was refused is tried again ever later. */
const patient = { timeout: 300_000 };
/** Seconds; vCenter itself keeps it for about 300. */
const lock = 45;
let room: CrashRoom;
const nextRelease = releases();

beforeAll(async () => {
  room = await openCrashRoom({ vcenterFlags: [`--lease-lock=${lock}s`] });
  const release = nextRelease();
  await room.offer(release);
  await room.settled(release);
});
afterAll(() => room.close());
beforeEach(() => room.lab.vcenter.control.clearFaults());

const locked = () => room.lab.vcenter.control.locks();
const temporary = () => peer.leftoversIn(room);

async function untilSwept(within: number): Promise<void> {
  await until({ signal: room.signal, what: "no leftover", within }, async () => {
    const left = await temporary();
    if (left.length === 0) return true;
    throw new Error(left.join(", "));
  });
}

async function hold(isHeld: boolean): Promise<void> {
  const annotations = { "bootwarden.io/hold": isHeld ? "true" : null };
  for (const zone of zones) await room.lab.api.merge(machineSetPath(zone), { metadata: { annotations } });
}

async function killedInMidUpload(release: string): Promise<void> {
  const held = await peer.holdUpload(room, release);
  await room.controller.stop("SIGKILL");
  await held.letGo();
}

test("MachineSets move while it lasts, and the leftover goes when it is over, by itself", patient, async () => {
  const release = nextRelease();
  await killedInMidUpload(release);
  await room.controller.start();
  await until({ signal: room.signal, what: `MachineSets at ${release}`, within: 35_000 }, async () => {
    const { machineSets } = await peer.status(room);
    return machineSets.every(({ state, message }) => state === "UpToDate" && message.includes(release));
  });
  expect(await locked()).toHaveLength(1);
  expect(await temporary()).toHaveLength(1);
  await untilSwept(120_000);
  expect(await difference(room, release)).toEqual([]);
});

test("a session that ends in mid-import does not hold up the next try", patient, async () => {
  const release = nextRelease();
  await peer.holdUpload(room, release, 3_000);
  await room.lab.vcenter.control.expireSessions();
  await until({ signal: room.signal, what: `MachineSets at ${release}`, within: 60_000 }, async () => {
    const { machineSets } = await peer.status(room);
    return machineSets.every(({ state, message }) => state === "UpToDate" && message.includes(release));
  });
  await untilSwept(120_000);
  expect(await difference(room, release)).toEqual([]);
});

test("what was killed, and is wanted no more, goes all the same: but not in Observe mode", patient, async () => {
  const policy = "/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster";
  const release = nextRelease();
  await killedInMidUpload(release);
  await hold(true);
  await room.lab.api.merge(policy, { spec: { mode: "Observe" } });
  await room.controller.start();
  await peer.untilSaid(room, peer.zoneA, { reason: "OnHold" });
  await until(
    { signal: room.signal, what: "the lock's end", within: 60_000 },
    async () => (await locked()).length === 0,
  );
  await peer.look(room, peer.zoneA);
  expect(await temporary()).toHaveLength(1);
  await room.lab.api.merge(policy, { spec: { mode: "Manage" } });
  await untilSwept(30_000);
  expect((await peer.status(room)).machineSets.map(({ name, reason }) => [name, reason])).toEqual(
    zones.map((zone) => [machineSetName(zone), "OnHold"]),
  );
  await hold(false);
  await room.settled(release);
  expect(await difference(room, release)).toEqual([]);
});
