import { expect, test, vi } from "vitest";
import { withGrace } from "../../../controller/vsphere/grace.ts";

/** A clean-up that goes on until its signal. */
const endless = async (signal: AbortSignal) =>
  await new Promise<string>((resolve) => signal.addEventListener("abort", () => resolve("cut short")));

test.each<[string, (stop: AbortController) => void, number]>([
  ["left alone has its whole time", () => undefined, 600],
  ["that begins after an interrupt has little", (stop) => stop.abort(), 20],
  ["that is interrupted has little from then on", (stop) => void setTimeout(() => stop.abort(), 100), 120],
])("a clean-up %s", async (_, interrupt, milliseconds) => {
  vi.useFakeTimers();
  const stop = new AbortController();
  interrupt(stop);
  const end = vi.fn();
  const running = withGrace(stop.signal, { whole: 600, stopped: 20 }, endless).then(end);
  await vi.advanceTimersByTimeAsync(milliseconds - 1);
  expect(end).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await running;
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test("a clean-up that ends leaves no timer", async () => {
  vi.useFakeTimers();
  const stop = new AbortController();
  await expect(withGrace(stop.signal, { whole: 600, stopped: 20 }, async () => "clean")).resolves.toBe("clean");
  stop.abort();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});
