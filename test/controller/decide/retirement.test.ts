// Which templates of ours may go: never one that is named, retained, newer, or of which anything is in doubt.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type RetirableTemplate, type RetirementInput, retirement } from "../../../controller/decide/retirement.ts";

const releases = ["417.94.202501010000-0", "9.4.20250101-0", "9.6.20260101-0", "9.6.20260101-1", "9.8.20261116-0"];
const [legacy = "", first = "", second = "", third = "", target = ""] = releases;

function template(release: string, changed: Partial<RetirableTemplate> = {}): RetirableTemplate {
  const name = `lab-rhcos-fd-${release}`;
  return { server: "vc", name, release, markers: { name }, isTemplate: true, ...changed };
}

const all = releases.map((release) => template(release));

function decide(changed: Partial<RetirementInput<RetirableTemplate>> = {}) {
  const input = { templates: all, targets: [target], retain: 2, references: [], unread: [], ...changed };
  const { retire, kept } = retirement(input);
  const why = Object.fromEntries(kept.map((one) => [one.template.release, one.why]));
  return { retire: retire.map(({ release }) => release), why };
}

describe("the releases that are retained", () => {
  test.each([
    [1, [legacy, first, second, third]],
    [2, [legacy, first, second]],
    [3, [legacy, first]],
    [9, []],
    [0, [legacy, first, second, third]],
  ])("%i of them, the target's among them", (retain, expected) => {
    expect(decide({ retain }).retire).toEqual(expected);
  });

  test("the oldest goes first, whatever their order", () => {
    expect(decide({ templates: all.toReversed() }).retire).toEqual([legacy, first, second]);
  });

  test("the target counts also where no template of ours has it", () => {
    expect(decide({ templates: [template(second), template(third)] }).retire).toEqual([second]);
  });

  test("every template of a release is kept or goes with it", () => {
    const twins = [template(third), template(third, { name: "b", markers: { name: "b" } }), template(second)];
    expect(decide({ templates: twins }).retire).toEqual([second]);
    expect(decide({ templates: twins, retain: 1 }).retire).toEqual([second, third, third]);
  });

  test("each vCenter has its own", () => {
    const elsewhere = [template(first, { server: "other" }), template(second, { server: "other" })];
    expect(decide({ templates: [...elsewhere, template(third)] }).retire).toEqual([first]);
  });

  test("a release newer than the target stays, and takes nobody's place", () => {
    expect(decide({ targets: [third] })).toEqual({
      retire: [legacy, first],
      why: { [second]: "Newest", [third]: "NotOlder", [target]: "NotOlder" },
    });
  });

  test("a release that has no order stays", () => {
    expect(decide({ templates: [...all, template("custom-1")] }).why).toMatchObject({ "custom-1": "NotOlder" });
    expect(decide({ targets: ["custom-2"] }).retire).toEqual([]);
  });
});

describe("with a target for each of two streams", () => {
  const streams = ["9.4.20250101-0", "9.6.20260101-0", "9.8.20261116-0", "10.0.20260101-0", "10.2.20261117-0"];
  const templates = streams.map((release) => template(release));
  const both = ["9.8.20261116-0", "10.2.20261117-0"];
  test.each<[string, string[], { retain: number; expected: string[] }]>([
    ["each retains its own", both, { retain: 2, expected: ["9.4.20250101-0"] }],
    ["it is one of them", both, { retain: 1, expected: ["9.4.20250101-0", "9.6.20260101-0", "10.0.20260101-0"] }],
    [
      "the other target is never old",
      ["10.2.20261117-0", "9.6.20260101-0"],
      { retain: 1, expected: ["9.4.20250101-0", "9.8.20261116-0", "10.0.20260101-0"] },
    ],
    ["none, and nothing is old", [], { retain: 1, expected: [] }],
  ])("%s", (_, targets, { retain, expected }) => {
    expect(decide({ templates, targets, retain }).retire).toEqual(expected);
  });
});

describe("what is kept though it is old", () => {
  test("the one that is named", () => {
    const references = [{ template: `/dc/vm/lab-rhcos-fd-${first}`, by: "MachineSet/a" }];
    expect(decide({ references })).toMatchObject({ retire: [legacy, second], why: { [first]: "Named" } });
  });

  test("it is said by whom, each once, also of one that is not old", () => {
    const named = [legacy, target].map((release) => `lab-rhcos-fd-${release}`);
    const references = named.flatMap((one) => ["A", "A", "B"].map((by) => ({ template: one, by })));
    const { kept } = retirement({ templates: all, targets: [target], retain: 1, references, unread: [] });
    expect(kept.map(({ template: { release }, by }) => [release, by])).toEqual([
      [legacy, ["A", "B"]],
      [target, ["A", "B"]],
    ]);
  });

  test.each<[string, Partial<RetirableTemplate>]>([
    ["one that somebody converted to a virtual machine", { isTemplate: false }],
    ["one under its temporary name", { name: "bootwarden-tmp-1" }],
    ["one that an admin renamed", { name: "golden" }],
  ])("%s", (_, changed) => {
    const templates = [...all.slice(1), template(legacy, changed)];
    expect(decide({ templates })).toMatchObject({ retire: [first, second], why: { [legacy]: "NoTemplate" } });
  });

  test("a virtual machine takes no release's place", () => {
    const templates = [template(third, { isTemplate: false }), template(second), template(first)];
    expect(decide({ templates }).retire).toEqual([first]);
  });

  test("all, where a list could not be read", () => {
    expect(decide({ unread: ["machines"] })).toMatchObject({
      retire: [],
      why: { [legacy]: "Unread", [third]: "Newest" },
    });
  });
});

test("whatever there is, what goes is old, named by nobody, and not among the newest", () => {
  const templates = fc.array(
    fc.record({
      release: fc.constantFrom(...releases),
      server: fc.constantFrom("vc", "other"),
      isTemplate: fc.constantFrom(true, false),
    }),
    { maxLength: 12 },
  );
  const named = fc.array(fc.constantFrom(...releases), { maxLength: 3 });
  const input = fc.record({
    templates,
    named,
    retain: fc.integer({ min: -1, max: 4 }),
    target: fc.constantFrom(...releases),
  });
  fc.assert(
    fc.property(input, ({ templates: some, named: names, ...rest }) => {
      const ours = some.map(({ release, ...changed }) => template(release, changed));
      const references = names.map((release) => ({ template: `lab-rhcos-fd-${release}`, by: "x" }));
      const { retire, kept } = retirement({ ...rest, targets: [rest.target], templates: ours, references, unread: [] });
      expect(new Set([...retire, ...kept.map((one) => one.template)])).toEqual(new Set(ours));
      const rank = (release: string) => releases.indexOf(release);
      for (const gone of retire) {
        expect(names).not.toContain(gone.release);
        expect(rank(gone.release)).toBeLessThan(rank(rest.target));
        const between = ours.filter(
          ({ server, isTemplate, release }) =>
            server === gone.server &&
            isTemplate &&
            rank(release) > rank(gone.release) &&
            rank(release) < rank(rest.target),
        );
        expect(new Set(between.map(({ release }) => release)).size + 1).toBeGreaterThanOrEqual(rest.retain);
        expect(gone.isTemplate).toBe(true);
      }
    }),
  );
});
