// The faults that the peer was run against: none ends here as it did there. `npm run faults` prints both outcomes side by side.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CrashRoom, openCrashRoom } from "./crash-room.ts";
import { difference } from "./difference.ts";
import { peerFaults, sufferPeerFault } from "./peer-faults.ts";
import { releases } from "./releases.ts";

let room: CrashRoom;
const nextRelease = releases();

beforeAll(async () => {
  room = await openCrashRoom();
  // Templates of two releases stand there, and with the next one the oldest goes: as in the middle of a cluster's life.
  for (const release of [nextRelease(), nextRelease()]) {
    await room.offer(release);
    await room.settled(release);
    expect(await difference(room, release)).toEqual([]);
  }
});
afterAll(() => room.close());

const often = peerFaults.filter(({ seldom }) => seldom === undefined);
test.each(often.map((fault) => [fault.name, fault] as const))("%s", async (_, fault) => {
  expect(await sufferPeerFault(room, fault, nextRelease)).toEqual([]);
});
