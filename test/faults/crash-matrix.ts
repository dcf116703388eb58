// The crash matrix: the controller killed after each of its calls in turn, and what the next one makes of it.
import { kill } from "node:process";
import { machineSetTemplates } from "../demo/stage.ts";
import { type CrashRoom, namesInFolder } from "./crash-room.ts";
import { difference } from "./difference.ts";
import { callName, type KillPoint } from "./kill-points.ts";

export interface Crash {
  /** After whose answer the controller was to be killed. */
  point: KillPoint;
  /** False: the run ended without that call. */
  killed: boolean;
  /** From the kill to the whole result. */
  seconds: number;
  /** What is not as after an undisturbed run; empty: all is well. */
  wrong: string[];
}

/**
 * Offers a release, kills the controller after its nth call, starts it again, and compares what it comes to. `onCall` is told of
 * every call.
 */
export async function crash(
  room: CrashRoom,
  release: string,
  { onCall = () => undefined, ...point }: KillPoint & { onCall?: (call: string) => void },
): Promise<Crash> {
  const wrong: string[] = [];
  const killed = killAfter(room, { ...point, onCall }, wrong);
  await room.offer(release);
  await Promise.race([killed.happened, room.settled(release)]);
  const started = performance.now();
  if (killed.now()) {
    await room.controller.child().ended;
    await expectNamedTemplates(room, wrong);
    await room.controller.start();
  }
  await room.settled(release).catch((error: unknown) => wrong.push(String(error)));
  room.watch(() => undefined);
  wrong.push(...(await difference(room, release)));
  return { point, killed: killed.now(), seconds: (performance.now() - started) / 1000, wrong };
}

/** Counts the calls of the controller's work on a release: how many there are to be killed after. */
export async function rehearse(room: CrashRoom, release: string): Promise<string[]> {
  const calls: string[] = [];
  room.watch((call) => void calls.push(call));
  await room.offer(release);
  await room.settled(release);
  room.watch(() => undefined);
  return calls;
}

function killAfter(
  room: CrashRoom,
  { call, nth, onCall }: KillPoint & { onCall: (call: string) => void },
  wrong: string[],
) {
  const { promise, resolve } = Promise.withResolvers<void>();
  let calls = 0;
  let killed = false;
  room.watch(async (each) => {
    onCall(each);
    if (/Destroy_Task|Rename_Task|PATCH .*\/machinesets\//.test(each)) await expectNamedTemplates(room, wrong);
    if (callName(each) === call) calls += 1;
    if (killed || calls !== nth) return;
    killed = true;
    kill(room.controller.child().pid, "SIGKILL");
    resolve();
    // The controller is not to get this answer.
    await room.controller.child().ended;
  });
  return { happened: promise, now: () => killed };
}

/** No MachineSet ever names a template that is not there. */
async function expectNamedTemplates(room: CrashRoom, wrong: string[]): Promise<void> {
  const named = await machineSetTemplates(room);
  const there = new Set(await namesInFolder(room.lab));
  for (const [machineSet, template] of named) {
    if (!there.has(template)) wrong.push(`${machineSet} names ${template}, which is not there`);
  }
}
