import { expect, test } from "vitest";
import { reportText } from "../../agent/report-text.ts";
import { reportLimit } from "../../common/annotations.ts";
import { deployment, report } from "./reports.ts";

const wide = (length: number) => deployment({ image: "i".repeat(length), digest: `sha256:${"a".repeat(64)}` });
const shortened = (parts: Parameters<typeof report>[0]) => JSON.parse(reportText(report(parts)));

test("a report that fits is not touched", () => {
  const whole = report({ booted: wide(300), rollback: wide(300), warnings: ["w".repeat(300)] });
  expect(JSON.parse(reportText(whole))).toEqual(whole);
});

test("warnings go first: each is cut, then most are counted", () => {
  const few = shortened({ rollback: wide(100), warnings: ["w".repeat(4000), "x"] });
  expect(few.warnings).toEqual([`${"w".repeat(119)}…`, "x"]);
  const counted = shortened({ rollback: wide(3000), warnings: Array.from({ length: 100 }, () => "w".repeat(300)) });
  expect(counted.warnings).toEqual(["100 more warnings"]);
  expect(counted.rollback).not.toBeNull();
});

test("then the rollback, then the strings that are too long; the booted digest stays", () => {
  const without = shortened({ booted: wide(2000), rollback: wide(2000) });
  expect(without).toMatchObject({ rollback: null, booted: { image: "i".repeat(2000) } });
  const bare = shortened({ booted: wide(4000) });
  expect(bare.booted).toMatchObject({ image: null, digest: `sha256:${"a".repeat(64)}` });
});

test("what fits in no way says so", () => {
  const hostile = "\u0001".repeat(100);
  const liar = deployment({
    image: hostile,
    version: hostile,
    checksum: hostile,
    baseChecksum: hostile,
    unlocked: hostile,
    liveReplaced: hostile,
  });
  expect(shortened({ booted: liar, staged: liar })).toMatchObject({
    booted: null,
    staged: null,
    error: { reason: "UnreadableOutput" },
  });
});

test("what cannot be seen is escaped, and read as what it was", () => {
  const odd = report({ booted: deployment({ image: "a\u0000\u001b\u007f\u009b\u202e\u2028\u{e0001}\ud800é🦀" }) });
  expect(reportText(odd)).toContain("a\\u0000\\u001b\\u007f\\u009b\\u202e\\u2028\\udb40\\udc01\\ud800é🦀");
  expect(JSON.parse(reportText(odd))).toEqual(odd);
});

test("the limit is exact", () => {
  const room = reportLimit - Buffer.byteLength(JSON.stringify(report({ booted: wide(0), rollback: wide(0) })));
  expect(Buffer.byteLength(reportText(report({ booted: wide(room), rollback: wide(0) })))).toBe(reportLimit);
  expect(shortened({ booted: wide(room + 1), rollback: wide(0) }).rollback).toBeNull();
});
