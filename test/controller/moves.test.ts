// The moves: a second one to the same template is a revert, unless it comes at once or much later.
import { expect, test } from "vitest";
import { createMoves } from "../../controller/moves.ts";

test.each([
  [0, "set", "t", "Fresh"],
  [4_900, "set", "t", "Fresh"],
  [5_100, "set", "t", "Reverted"],
  [599_000, "set", "t", "Reverted"],
  [601_000, "set", "t", "Free"],
  [5_100, "set", "t2", "Free"],
  [5_100, "other", "t", "Free"],
] as const)("after %i ms, %s to %s: %s", (...[age, machineSet, template, expected]) => {
  let now = 1_700_000_000_000;
  const moves = createMoves(() => now);
  expect(moves.judge("set", "t")).toBe("Free");
  moves.made("set", "t");
  now += age;
  expect(moves.judge(machineSet, template)).toBe(expected);
});

test("a move that is taken back for a template that does not exist is made again, three times within the truce", () => {
  let now = 1_700_000_000_000;
  const moves = createMoves(() => now);
  const judged = () => moves.judge("set", "t", { dead: true });
  for (let time = 1; time <= 4; time += 1) {
    expect(judged()).toBe("Free");
    moves.made("set", "t");
    expect(judged()).toBe("Fresh");
    now += 6_000;
    expect(moves.judge("set", "t")).toBe("Reverted");
  }
  expect(judged()).toBe("Reverted");
  now += 601_000;
  expect(judged()).toBe("Free");
  moves.made("set", "t");
  now += 6_000;
  expect(judged()).toBe("Free");
});
