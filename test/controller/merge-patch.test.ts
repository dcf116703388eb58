// The merge patch: applied to the one object it gives the other, and it is not there where nothing differs.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type JsonObject, mergePatch } from "../../controller/merge-patch.ts";

test.each<[string, JsonObject, JsonObject, JsonObject | undefined]>([
  ["nothing", {}, {}, undefined],
  ["the same", { a: [{ b: 1 }], c: { d: "e" } }, { c: { d: "e" }, a: [{ b: 1 }] }, undefined],
  ["a key more", { a: 1 }, { a: 1, b: 2 }, { b: 2 }],
  ["a key less", { a: 1, b: { c: 2 } }, { a: 1 }, { b: null }],
  ["a key less within", { a: { b: 1, c: 2 } }, { a: { b: 1 } }, { a: { c: null } }],
  ["another value", { a: 1 }, { a: "1" }, { a: "1" }],
  ["a list, whole", { a: [1, 2, 3] }, { a: [1, 2] }, { a: [1, 2] }],
  ["an empty list", { a: [1] }, { a: [] }, { a: [] }],
  ["a map in place of a list", { a: [1] }, { a: { b: 1 } }, { a: { b: 1 } }],
  ["a name of Object's", {}, { constructor: { a: 1 }, toString: "x" }, { constructor: { a: 1 }, toString: "x" }],
])("%s", (_, ...[from, to, patch]) => {
  expect(mergePatch(from, to)).toEqual(patch);
});

test("applied as RFC 7386 says, it gives the other object", () => {
  const leaf = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.array(fc.integer()));
  const key = fc.constantFrom("a", "b", "c", "toString");
  const object = fc.letrec<{ object: Record<string, unknown> }>((tie) => ({
    object: fc.dictionary(key, fc.oneof({ depthSize: "small" }, leaf, tie("object"))),
  })).object;
  const json = object.map((value): JsonObject => JSON.parse(JSON.stringify(value)));
  fc.assert(
    fc.property(json, json, (from, to) => {
      const patch = mergePatch(from, to);
      expect(applied(from, patch ?? {})).toEqual(to);
      expect(mergePatch(to, to)).toBeUndefined();
    }),
  );
});

/** The algorithm of RFC 7386, section 2. */
function applied(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const isMap = typeof target === "object" && target !== null && !Array.isArray(target);
  const result = new Map<string, unknown>(isMap ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name);
    else result.set(name, applied(result.get(name), value));
  }
  return Object.fromEntries(result);
}
