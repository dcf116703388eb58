// The status that the API server refuses for a while: it is written as soon as it is taken again, without anything else happening.
import { afterAll, beforeAll, expect, test } from "vitest";
import { pause } from "../../common/deadline.ts";
import { machineSetName } from "../lab/topology.ts";
import { type CrashRoom, machineSetPath, openCrashRoom } from "./crash-room.ts";
import { status, untilSaid, zoneA } from "./peer-room.ts";
import { releases } from "./releases.ts";

let room: CrashRoom;

beforeAll(async () => {
  room = await openCrashRoom();
  const release = releases()();
  await room.offer(release);
  await room.settled(release);
});
afterAll(() => room?.close());

test("what could not be told is told later", async () => {
  let refused = 0;
  room.api.judge = ({ call }) => {
    if (!/^PATCH .*\/bootimagepolicies\/cluster\/status/.test(call)) return null;
    refused += 1;
    return { kind: "status", status: 500 };
  };
  const annotations = { "bootwarden.io/hold": "true" };
  await room.lab.api.merge(machineSetPath(zoneA), { metadata: { annotations } });
  // Longer than the controller needs to see it, shorter than the minute after which it would write anyway.
  await pause(room.signal, 8_000);
  const before = (await status(room)).machineSets.find(({ name }) => name === machineSetName(zoneA));
  expect([before?.reason, refused > 1]).toEqual([expect.not.stringMatching("OnHold"), true]);
  room.api.judge = () => null;
  await untilSaid(room, zoneA, { reason: "OnHold", within: 20_000 });
});
