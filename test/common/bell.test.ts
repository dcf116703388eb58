import { expect, test } from "vitest";
import { Bell } from "../../common/bell.ts";

const never = new AbortController().signal;

test("rings before anybody listens are heard once", async () => {
  const bell = new Bell();
  bell.ring();
  bell.ring();
  expect(await bell.heard(never)).toBe(true);
  expect(await bell.heard(never, 1)).toBe(false);
});

test("a ring ends the wait", async () => {
  const bell = new Bell();
  const heard = bell.heard(never);
  bell.ring();
  expect(await heard).toBe(true);
});

test("an abort ends the wait, without a ring", async () => {
  const stop = new AbortController();
  const heard = new Bell().heard(stop.signal);
  stop.abort();
  expect(await heard).toBe(false);
});

test("what was cleared is not heard", async () => {
  const bell = new Bell();
  bell.ring();
  bell.clear();
  expect(await bell.heard(never, 1)).toBe(false);
});
