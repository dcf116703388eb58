import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { annotationsOf, changes } from "../../agent/annotations.ts";
import { agentAnnotations, reportLimit } from "../../common/annotations.ts";
import { Report } from "../../common/report.ts";
import { deployment, report } from "./reports.ts";

const digest = `sha256:${"a".repeat(64)}`;

describe("annotationsOf", () => {
  test("the six keys", () => {
    const staged = deployment({ booted: false, staged: true, digest: `sha256:${"b".repeat(64)}` });
    const made = annotationsOf(report({ booted: deployment({ digest, image: "i", version: "v" }), staged }));
    const { report: text, ...values } = Object.fromEntries(
      Object.entries(agentAnnotations).map(([name, key]) => [name, made[key]]),
    );
    expect(values).toEqual({
      bootedDigest: digest,
      bootedImage: "i",
      bootedVersion: "v",
      stagedDigest: staged.digest,
      bootImage: "9.6.20261028-0",
    });
    expect(Report.parse(JSON.parse(text ?? "")).booted?.digest).toBe(digest);
  });

  test("what is not known is absent", () => {
    const failed = report({ booted: null, bootImage: null, error: { reason: "TimedOut", message: "m" } });
    const { [agentAnnotations.report]: text, ...values } = annotationsOf(failed);
    expect(new Set(Object.values(values))).toEqual(new Set([null]));
    expect(text).toContain("TimedOut");
  });

  test("a value over 512 bytes is left out, not cut", () => {
    const made = annotationsOf(report({ booted: deployment({ image: "é".repeat(257), version: "v".repeat(512) }) }));
    expect(made[agentAnnotations.bootedImage]).toBeNull();
    expect(made[agentAnnotations.bootedVersion]).toHaveLength(512);
  });

  test("any report fits, is a report, and gives the same text twice", () => {
    const text = fc.string({ unit: "binary", maxLength: 4096 });
    const optional = fc.option(text);
    const anyDeployment = fc.record({
      booted: fc.boolean(),
      staged: fc.boolean(),
      image: optional,
      digest: fc.option(fc.constant(digest)),
      digestSource: fc.constantFrom("manifest", "reference", null),
      version: optional,
      checksum: optional,
      baseChecksum: optional,
      pinned: fc.boolean(),
      unlocked: text,
      liveReplaced: optional,
    });
    const anyReport = fc.record({
      bootID: text,
      booted: fc.option(anyDeployment),
      staged: fc.option(anyDeployment),
      rollback: fc.option(anyDeployment),
      warnings: fc.array(text, { maxLength: 50 }),
      error: fc.option(fc.record({ reason: fc.constant("TimedOut"), message: text })),
    });
    fc.assert(
      fc.property(anyReport, (parts) => {
        const made = annotationsOf(report(parts));
        const printed = made[agentAnnotations.report] ?? "";
        expect(Buffer.byteLength(printed)).toBeLessThanOrEqual(reportLimit);
        Report.parse(JSON.parse(printed));
        expect(annotationsOf(report(parts))).toEqual(made);
      }),
      { numRuns: 300 },
    );
  });
});

describe("changes", () => {
  const wanted = { a: "1", b: null };
  test.each<[string, Record<string, string>, object | null]>([
    ["nothing differs", { a: "1", other: "x" }, null],
    ["another value", { a: "2" }, { a: "1" }],
    ["a missing key", {}, { a: "1" }],
    ["a key that has to go", { a: "1", b: "2" }, { b: null }],
    ["a key of somebody else is not touched", { a: "2", other: "x" }, { a: "1" }],
  ])("%s", (_, current, patch) => {
    expect(changes(current, wanted)).toEqual(patch);
  });
});
