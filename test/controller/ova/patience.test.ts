import { describe, expect, test } from "vitest";
import { createPatience } from "../../../controller/ova/patience.ts";

const mebibyte = 1 << 20;
const tries = (patience: ReturnType<typeof createPatience>, most: number) =>
  Array.from({ length: most }, () => patience.nextTry(0)).filter((wait) => wait !== null).length;

describe("the tries of a transfer", () => {
  test("wait longer and longer, up to 16 times the first", () => {
    const patience = createPatience({ idle: 1_000_000, first: 1_000 });
    const waits = Array.from({ length: 8 }, () => patience.nextTry(0) ?? 0);
    for (const [index, whole] of [1, 2, 4, 8, 16, 16, 16, 16].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(whole * 500);
      expect(waits[index]).toBeLessThanOrEqual(whole * 1_000);
    }
  });

  test("are 8 in a row, however few bytes come between them", () => {
    const patience = createPatience({ idle: 1_000_000, first: 1 });
    expect(tries(patience, 5)).toBe(5);
    patience.arrived(1);
    expect(tries(patience, 9)).toBe(3);
    patience.arrived(8 * mebibyte);
    expect(tries(patience, 9)).toBe(8);
  });

  test("end where the time without a byte would", () => {
    const patience = createPatience({ idle: 60_000, first: 1_000 });
    patience.waited(58_000);
    expect(patience.left()).toBe(2_000);
    expect(patience.nextTry(0)).not.toBeNull();
    expect(patience.nextTry(3_000)).toBeNull();
    patience.arrived(1);
    expect(patience.left()).toBe(60_000);
    expect(patience.nextTry(3_000)).toBeGreaterThanOrEqual(3_000);
    patience.waited(70_000);
    expect(patience.left()).toBe(0);
    expect(patience.nextTry(0)).toBeNull();
  });
});
