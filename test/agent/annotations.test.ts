import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { annotationsOf, changes } from "../../agent/annotations.ts";
import { agentAnnotations, reportLimit } from "../../common/annotations.ts";
import { Report } from "../../common/report.ts";
import { deployment, report } from "./reports.ts";

/** Any code units, also halves of surrogate pairs: a host's JSON can hold them as \\uD800. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 4096 }),
  fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)), maxLength: 600 }),
);
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
        expect(Object.values(made).join("")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        Report.parse(JSON.parse(printed));
        expect(annotationsOf(report(parts))).toEqual(made);
      }),
      { numRuns: 300 },
    );
  });
});

describe("text of a host", () => {
  test("any is stored by the API server as it was sent, or every look would write again", () => {
    fc.assert(
      fc.property(text, text, (image, version) => {
        const failed = { reason: "CommandFailed", message: version };
        const wanted = annotationsOf(
          report({ booted: deployment({ image, version }), warnings: [image], error: failed }),
        );
        const values = Object.entries(wanted).filter((entry): entry is [string, string] => entry[1] !== null);
        // Go turns what is no UTF-8 into U+FFFD, and so does this.
        const stored = values.map(([key, value]) => [key, Buffer.from(value, "utf8").toString("utf8")]);
        expect(changes(Object.fromEntries(stored), wanted)).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["half a surrogate pair", "a\ud800b", "a\ufffdb"],
    ["a whole pair", "a\ud83d\ude00b", "a\ud83d\ude00b"],
    ["what turns the direction of a text", "a\u202eb\u2028c", "a\ufffdb\ufffdc"],
    ["control characters", "a\u0000\u001b[31m\n\u009b\u007fb", "a\ufffd\ufffd[31m\ufffd\ufffd\ufffdb"],
  ])("%s", (_, version, written) => {
    const made = annotationsOf(report({ booted: deployment({ version }) }));
    expect(made[agentAnnotations.bootedVersion]).toBe(written);
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

  const key = agentAnnotations.report;
  const rollback = (image: string) => deployment({ booted: false, image });
  const base = { rollback: rollback('"state":"idle"') };
  const idle = annotationsOf(report(base));
  const written = Object.fromEntries(
    Object.entries(idle).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  );
  test.each<[string, Partial<Report>, number | null]>([
    ["the state alone", { state: "busy" }, null],
    ["a state that is not known any more", { state: null }, null],
    ["the state and another part of the report", { state: "busy", warnings: ["w"] }, 1],
    ["the state and another key", { state: "busy", bootImage: null }, 2],
    ["a text that looks like the state", { rollback: rollback('"state":"busy"') }, 1],
  ])("%s, without the state", (_, parts, count) => {
    const patch = changes(written, annotationsOf(report({ ...base, ...parts })), false);
    expect(patch === null ? null : Object.keys(patch).length).toBe(count);
  });

  test("a report that is missing is written, whatever its state", () => {
    const { [key]: _, ...others } = written;
    expect(changes(others, idle, false)).toEqual({ [key]: idle[key] });
  });
});
