// The deadline and the pause.
import { expect, test } from "vitest";
import { deadline, pause } from "../../common/deadline.ts";

const never = new AbortController().signal;
const hour = 3_600_000;

async function aborted(signal: AbortSignal): Promise<unknown> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  return signal.reason;
}

test("time that has passed aborts it, as a TimeoutError", async () => {
  expect(await aborted(deadline(never, 5))).toMatchObject({ name: "TimeoutError" });
});

test("the caller's signal aborts it, with the caller's reason", async () => {
  const caller = new AbortController();
  const signal = deadline(caller.signal, hour);
  expect(signal.aborted).toBe(false);
  caller.abort(new Error("stop"));
  expect(await aborted(signal)).toEqual(new Error("stop"));
});

test("a signal that has aborted before aborts it at once", () => {
  expect(deadline(AbortSignal.abort(), hour).aborted).toBe(true);
});

test("a deadline that aborts leaves the caller's signal alone", async () => {
  const caller = new AbortController();
  await aborted(deadline(caller.signal, 1));
  expect(caller.signal.aborted).toBe(false);
});

test("a pause ends after its time", async () => {
  await expect(pause(never, 1)).resolves.toBeUndefined();
});

test("a pause ends, without an error, when the signal aborts, and where it has aborted before", async () => {
  const caller = new AbortController();
  const paused = pause(caller.signal, hour);
  caller.abort(new Error("stop"));
  await expect(paused).resolves.toBeUndefined();
  await expect(pause(caller.signal, hour)).resolves.toBeUndefined();
});
