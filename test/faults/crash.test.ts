// The controller killed in the middle of its work: a spread of the kill points that `npm run faults` takes all of.
import { afterAll, beforeAll, expect, test } from "vitest";
import { crash, rehearse } from "./crash-matrix.ts";
import { type CrashRoom, openCrashRoom } from "./crash-room.ts";
import { type KillPoint, spread } from "./kill-points.ts";
import { releases } from "./releases.ts";

const count = 12;
let room: CrashRoom;
let points: KillPoint[];
const nextRelease = releases();

beforeAll(async () => {
  room = await openCrashRoom();
  await rehearse(room, nextRelease());
  points = spread(await rehearse(room, nextRelease()), count);
});
afterAll(() => room.close());

test.each(Array.from({ length: count }, (_, index) => index))(
  "kill point %#: nothing is lost, nothing left over",
  async (index) => {
    const point = points[index] ?? expect.unreachable(`the run has only ${points.length} such calls`);
    const { killed, wrong } = await crash(room, nextRelease(), point);
    expect({ point, killed, wrong }).toEqual({ point, killed: true, wrong: [] });
  },
);
