// The faults of the line, with the real controller: it recovers, or says what is wrong in one word until the fault is over. `npm run faults` has some more.
import { afterAll, beforeAll, expect, test } from "vitest";
import { badLines } from "./bad-line.ts";
import { suffer } from "./bad-line-run.ts";
import { type CrashRoom, openCrashRoom } from "./crash-room.ts";
import { releases } from "./releases.ts";

let room: CrashRoom;
const nextRelease = releases();

beforeAll(async () => {
  room = await openCrashRoom();
});
afterAll(() => room.close());

const often = badLines.filter(({ seldom }) => seldom === undefined);
test.each(often.map((line) => [line.name, line] as const))("%s", async (_, line) => {
  expect((await suffer(room, line, nextRelease)).wrong).toEqual([]);
});
