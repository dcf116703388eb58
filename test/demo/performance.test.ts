// The performance: every chapter in its order, and none after one that fails.
import { expect, test } from "vitest";
import { ChapterError, perform } from "./performance.ts";

const chapter = (title: string, seen: string[]) => ({ title, play: async () => void seen.push(title) });
const broken = { title: "broken", play: () => Promise.reject(new Error("the sky fell")) };

test("plays all chapters in order", async () => {
  const seen: string[] = [];
  await perform([chapter("a", seen), chapter("b", seen)], null, (number, title) => seen.push(`${number} ${title}`));
  expect(seen).toEqual(["1 a", "a", "2 b", "b"]);
});

test("stops at the chapter that does not come true, and names it", async () => {
  const seen: string[] = [];
  const failed = perform([chapter("a", seen), broken, chapter("c", seen)], null, () => {});
  await expect(failed).rejects.toThrow(new ChapterError('Step 2 "broken" did not come true: the sky fell'));
  expect(seen).toEqual(["a"]);
});
