import fc from "fast-check";
import { expect, test } from "vitest";
import { templateName } from "../../../controller/decide/names.ts";

const infrastructureName = "lab-7x2kq";
const release = "9.6.20261028-0";

test.each([
  ["fd-east-a", undefined, "lab-7x2kq-rhcos-fd-east-a-9.6.20261028-0"],
  ["fd-east-a", 2, "lab-7x2kq-rhcos-fd-east-a-9.6.20261028-0-2"],
  ["a1b2c3", undefined, "lab-7x2kq-rhcos-a1b2c3-9.6.20261028-0"],
])("%s, attempt %s", (place, attempt, expected) => {
  expect(templateName({ infrastructureName, place, release, ...(attempt ? { attempt } : {}) })).toBe(expected);
});

test("a long place is cut and hashed, the release stays", () => {
  const name = templateName({ infrastructureName, place: "eu-central-datacenter-7-rack-12-zone-a".repeat(3), release });
  expect(name).toMatch(/^lab-7x2kq-rhcos-eu-central-.*-[0-9a-f]{8}-9\.6\.20261028-0$/);
  expect(name).toHaveLength(80);
});

test("characters that vCenter would escape are replaced, without a collision", () => {
  const name = (place: string) => templateName({ infrastructureName, place, release });
  expect(name("a/b")).toMatch(/-rhcos-a-b-[0-9a-f]{8}-9/);
  expect(new Set(["a/b", "a%b", "a-b", "a\\b"].map(name)).size).toBe(4);
});

const releases = fc.constantFrom(release, "416.94.202510081640-0", "x".repeat(32));
const places = fc.oneof(
  fc.string({ minLength: 1, maxLength: 200, size: "max" }),
  fc.string({ minLength: 1, maxLength: 20 }).map((end) => `a-common-and-rather-long-beginning-of-the-name-${end}`),
);

test("at most 80 characters, the whole release at the end, legal, and different for different places", () => {
  fc.assert(
    fc.property(
      fc.tuple(fc.string({ minLength: 1, maxLength: 60, size: "max" }), places, places, releases),
      (parts) => {
        const [infra, one, other, end] = parts;
        const name = templateName({ infrastructureName: infra, place: one, release: end, attempt: 2 });
        expect(name.length).toBeLessThanOrEqual(80);
        expect(name.endsWith(`-${end}-2`)).toBe(true);
        expect(name).toMatch(/^[A-Za-z0-9._-]+$/);
        const second = templateName({ infrastructureName: infra, place: other, release: end, attempt: 2 });
        expect(name === second).toBe(one === other);
      },
    ),
    { numRuns: 500 },
  );
});
