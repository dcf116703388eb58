// The age of things, and bytes in words.
import { expect, test } from "vitest";
import { age, days, imageDays } from "../../cli/age.ts";
import { bytes } from "../../cli/bytes.ts";
import { now } from "./facts.ts";

test.each([
  [0, "0s"],
  [119, "119s"],
  [120, "2m"],
  [7199, "119m"],
  [7200, "2h"],
  [172_799, "47h"],
  [172_800, "2d"],
  [31_536_000, "365d"],
  [-30, "0s"],
])("%i seconds ago is %s", (seconds, said) => {
  expect(age(new Date(now - seconds * 1000).toISOString(), now)).toBe(said);
});

test("a time that cannot be read has no age", () => {
  expect([age(null, now), age("yesterday", now)]).toEqual(["-", "-"]);
});

test.each([
  ["9.8.20261116-0", 10],
  ["9.8.20261126-0", 0],
  ["9.8.20261127-0", 0],
  ["416.94.202510081640-0", 414],
  ["nightly", null],
  [null, null],
  [undefined, null],
])("the image of %s is %s days old", (release, count) => {
  expect(imageDays(release, now)).toBe(count);
});

test("days in words", () => {
  expect([days(0), days(1), days(12), days(null)]).toEqual(["0 days", "1 day", "12 days", "-"]);
});

test.each([
  [0, "0 B"],
  [-4, "0 B"],
  [999, "999 B"],
  [1000, "1 kB"],
  [67_108_864, "67.1 MB"],
  [999_600, "1 MB"],
  [1_073_741_824, "1.07 GB"],
  [5e15, "5000 TB"],
])("%i bytes are %s", (count, said) => {
  expect(bytes(count)).toBe(said);
});
