// The controller killed in the middle of its work: a spread of the kill points that `npm run faults` takes all of.
import { afterAll, beforeAll, expect, test } from "vitest";
import { crash, rehearse } from "./crash-matrix.ts";
import { type CrashRoom, openCrashRoom } from "./crash-room.ts";
import { spread } from "./kill-points.ts";
import { releases } from "./releases.ts";

const count = 12;
let room: CrashRoom;
let points: number[];
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
    const after = points[index] ?? expect.unreachable(`the run has only ${points.length} calls`);
    const { call, wrong } = await crash(room, nextRelease(), after);
    expect({ call, wrong }).toEqual({ call: expect.any(String), wrong: [] });
  },
);
