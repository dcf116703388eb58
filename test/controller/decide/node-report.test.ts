// The reading of reports that somebody hostile wrote: an answer, always, and nothing that goes further than the node.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { reportLimit } from "../../../common/annotations.ts";
import { isReason } from "../../../common/reasons.ts";
import { Report } from "../../../common/report.ts";
import { readReport } from "../../../controller/decide/node-report.ts";
import { isRelease } from "../../../controller/decide/release.ts";
import { judge } from "../../../controller/decide/verdict.ts";
import { hostileText } from "./hostile-reports.ts";
import { input } from "./judge-input.ts";
import { deployment, report } from "./reports.ts";

/** What may stand in a log, an Event, a condition and an annotation: one line that shows all that it holds. */
const printable = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]*$/u;
const many = { numRuns: 3000 };

test("a report that is as it should be is read as it is", () => {
  expect(readReport(JSON.stringify(report()))).toEqual({ ok: true, value: report() });
});

describe("whatever stands there", () => {
  test("is a report of the schema and nothing beside it, or ReportInvalid with one short line", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const read = readReport(text);
        if (read.ok) {
          expect(Report.parse(read.value)).toEqual(read.value);
          expect(Object.keys(read.value).sort()).toEqual(Object.keys(report()).sort());
          expect(Object.getPrototypeOf(read.value)).toBe(Object.prototype);
          expect(Buffer.byteLength(text)).toBeLessThanOrEqual(reportLimit);
        } else {
          expect(read.reason).toBe("ReportInvalid");
          expect(read.message).toMatch(printable);
          expect(read.message.length).toBeLessThan(250);
        }
      }),
      many,
    );
  });

  test("gives a verdict of known words, with one line that can be printed", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const verdict = judge(input({ report: text }));
        expect(["Verified", "Updating", "Mismatch", "Unknown"]).toContain(verdict.verdict);
        expect(verdict.reason.split("/").every(isReason)).toBe(true);
        expect(verdict.message).toMatch(printable);
        expect(Array.from(verdict.message).length).toBeLessThanOrEqual(1000);
        expect(verdict.osDigest ?? "0".repeat(16)).toMatch(/^[0-9a-f]{16}$/);
        expect(isRelease(verdict.bootImage ?? "9.6.1-0")).toBe(true);
      }),
      many,
    );
  });

  test("leaves every object of the program as it was", () => {
    fc.assert(
      fc.property(hostileText, (text) => void readReport(text)),
      many,
    );
    expect(Reflect.ownKeys({})).toEqual([]);
    for (const key in {}) expect.fail(`every object has ${key}`);
  });
});

describe("is ReportInvalid:", () => {
  test.each<[string, string]>([
    ["a byte too much", JSON.stringify(report({ warnings: ["x".repeat(reportLimit)] }))],
    ["a number that is none", '{"v":1e999}'],
    ["a count below nothing", JSON.stringify(report({ modifications: { ...report().modifications, layered: -1 } }))],
    [
      "a count that no machine counts",
      JSON.stringify(report({ modifications: { ...report().modifications, local: 1e300 } })),
    ],
    ["a version that is a text", JSON.stringify({ ...report(), v: "1" })],
    ["another collector", JSON.stringify({ ...report(), collector: "me" })],
    ["a list for a deployment", JSON.stringify({ ...report(), booted: [deployment()] })],
    ["a boot id that is an object", JSON.stringify({ ...report(), bootID: { toString: "x" } })],
    ["a report that is in __proto__", `{"__proto__":${JSON.stringify(report())}}`],
    ["a report in a report", JSON.stringify([report()])],
    ["a report after a byte order mark", `\ufeff${JSON.stringify(report())}`],
    ["2,000 lists in each other", "[".repeat(2000) + "]".repeat(2000)],
  ])("%s", (_, text) => {
    expect(readReport(text)).toMatchObject({ ok: false, reason: "ReportInvalid" });
  });
});

test("what is far too long is not even looked at", () => {
  const long = `{"v":1,"x":"${"x".repeat(50_000_000)}"}`;
  const started = performance.now();
  expect(readReport(long)).toMatchObject({ ok: false, message: "The report is longer than 4096 bytes." });
  expect(performance.now() - started).toBeLessThan(50);
});

test("a release that is none is not known, and takes nothing from the verdict", () => {
  for (const release of ["", "../x", '9.6"} 1', "x".repeat(33), "9.6\n"]) {
    const text = JSON.stringify(report({ bootImage: { release, source: "/x" } }));
    expect(judge(input({ report: text }))).toMatchObject({ verdict: "Verified", bootImage: null });
  }
});
