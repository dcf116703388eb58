// The kubelets' status updates: what arrives is counted, what was late is made up for, and too few are no measure.
import { expect, test } from "vitest";
import { keepUpdating, requireUpdates } from "./status-updates.ts";

const rate = () => ({ perSecond: 100, signal: AbortSignal.timeout(1000) });

test("each Node has its turn, and what arrives counts", async () => {
  const turns: string[] = [];
  const updates = await keepUpdating(async (node) => void turns.push(node), ["a", "b", "c"], rate());
  expect(turns.slice(0, 5)).toEqual(["a", "b", "c", "a", "b"]);
  expect(updates).toMatchObject({ arrived: turns.length, failure: undefined });
  expect(updates.intended).toBeGreaterThanOrEqual(turns.length);
  expect(() => requireUpdates(updates)).not.toThrow();
});

test("what was late is made up for", async () => {
  let turns = 0;
  const { intended, arrived } = await keepUpdating(
    async () => {
      turns += 1;
      const until = performance.now() + (turns === 1 ? 500 : 0);
      while (performance.now() < until);
    },
    ["a"],
    rate(),
  );
  expect(intended).toBeGreaterThanOrEqual(99);
  expect(arrived).toBeGreaterThan(0.8 * intended);
});

test("one that is refused has not arrived, and two of ten are too many", async () => {
  let turns = 0;
  const refusal = new Error("refused");
  const refusing = async () => {
    turns += 1;
    if (turns % 5 === 0) throw refusal;
  };
  const updates = await keepUpdating(refusing, ["a"], rate());
  expect(updates.arrived).toBe(turns - Math.floor(turns / 5));
  expect(() => requireUpdates(updates)).toThrow(expect.objectContaining({ name: "LabError", cause: refusal }));
});

test.each([
  [90, true],
  [89, false],
])("%i of 100 are enough: %o", (arrived, enough) => {
  const require = () => requireUpdates({ intended: 100, arrived, failure: undefined });
  if (enough) expect(require).not.toThrow();
  else expect(require).toThrow("Only 89 of 100 status updates arrived.");
});

test("none at all is too few", () => {
  expect(() => requireUpdates({ intended: 0, arrived: 0, failure: undefined })).toThrow("Only 0 of 0");
});
