// Mode, selection and enrolment switched at each step of an import: nothing moves any more, nothing is left over, and switching back finishes.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { machineSetTemplates } from "../demo/stage.ts";
import { type CrashRoom, openCrashRoom, templateNames } from "./crash-room.ts";
import { difference } from "./difference.ts";
import { heldSteps } from "./held-step.ts";
import { leftoversIn } from "./peer-room.ts";
import { releases } from "./releases.ts";
import { enableManagers, switches, untilSaid } from "./switches.ts";

/** The first MachineSet is moved as soon as its place has the template. */
const movedBefore = new Set(["while the second place is cloned", "between two MachineSets"]);
const nextRelease = releases();
let room: CrashRoom;

beforeAll(async () => {
  room = await openCrashRoom();
  await enableManagers(room);
  const release = nextRelease();
  await room.offer(release);
  await room.settled(release);
});
afterAll(() => room?.close());
// A row that fails is not to make the next ones fail.
afterEach(async () => {
  room.watch(() => undefined);
  for (const { on } of Object.values(switches)) await on(room);
});

async function templatesNow(): Promise<string[]> {
  return [...(await machineSetTemplates(room)).values()].toSorted();
}

describe.each(Object.entries(switches))("%s, switched", (_, { off, on, said }) => {
  test.each(Object.entries(heldSteps))("%s", async (step, hold) => {
    const before = await templatesNow();
    const release = nextRelease();
    const held = await hold(room, release);
    await off(room);
    // A controller that cannot ask vCenter yet has not looked at anything.
    if (step !== "before the login") await untilSaid(room, said);
    await held.letGo();
    await untilSaid(room, said);
    await room.atRest();
    const moved = movedBefore.has(step) ? 1 : 0;
    const expected = [...templateNames(release).slice(0, moved), ...before.slice(moved)].toSorted();
    expect(await templatesNow()).toEqual(expected);
    expect(await leftoversIn(room)).toEqual([]);
    await on(room);
    await room.settled(release);
    expect(await difference(room, release)).toEqual([]);
  });
});
