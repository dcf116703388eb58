// The clone that goes on in vCenter when its controller is killed: the next one ends as if nobody had been killed.
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../lab/until.ts";
import { type CrashRoom, openCrashRoom } from "./crash-room.ts";
import { difference } from "./difference.ts";
import * as peer from "./peer-room.ts";
import { releases } from "./releases.ts";

/** Bytes per second: a clone of the room's images takes about five seconds. */
const cloneRate = 200_000;
let room: CrashRoom;
const nextRelease = releases();

beforeAll(async () => {
  room = await openCrashRoom({ vcenterFlags: [`--clone-rate=${cloneRate}`] });
  const release = nextRelease();
  await room.offer(release);
  await room.settled(release);
});
afterAll(() => room.close());

test("a clone that its controller did not see the end of is made again, or taken up, and nothing is left", async () => {
  const release = nextRelease();
  const calls = peer.record(room);
  const clones = () => calls.count(/^vCenter CloneVM_Task$/);
  await room.offer(release);
  await until({ signal: room.signal, what: "a clone", within: 60_000, every: 20 }, async () => clones() === 1);
  await room.controller.stop("SIGKILL");
  expect((await peer.status(room)).machineSets.every(({ state }) => state === "UpToDate")).toBe(false);
  await room.controller.start();
  await room.settled(release);
  expect(clones()).toBeGreaterThan(0);
  expect(await difference(room, release)).toEqual([]);
});
