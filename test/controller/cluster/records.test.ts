// The records: what changed of what is needed, and which of two states of an object is the newer.
import { expect, test } from "vitest";
import { z } from "zod";
import { createRecords } from "../../../controller/cluster/records.ts";

const Thing = z.object({ metadata: z.object({ name: z.string() }), used: z.object({ deep: z.string() }) });
const read = (object: unknown) => Thing.parse(object).used;

function thing(used: unknown, resourceVersion = "1", over = {}) {
  return { metadata: { name: "a", resourceVersion, ...over }, used, other: Math.random() };
}

test("an object is news when it comes, when what is needed of it changed, and when it goes", () => {
  const records = createRecords(read);
  expect(records.put(thing({ deep: "x" }))).toEqual({ before: undefined, after: { deep: "x" } });
  expect(records.put(thing({ deep: "x" }))).toBeNull();
  expect(records.put(thing({ deep: "y" }))).toEqual({ before: { deep: "x" }, after: { deep: "y" } });
  expect(records.remove(thing({ deep: "z" }))).toEqual({ before: { deep: "y" }, after: undefined });
  expect(records.remove(thing({ deep: "z" }))).toBeNull();
});

test("what is equal stays the same object", () => {
  const records = createRecords(read);
  records.put(thing({ deep: "x" }));
  const held = records.items.get("a");
  records.put(thing({ deep: "x" }));
  expect(records.items.get("a")).toBe(held);
});

test("an object that cannot be read is news once, with why, and again when it can be read", () => {
  const records = createRecords(read);
  records.put(thing({ deep: "x" }));
  expect(records.put(thing({ deep: 7 }))).toEqual({ before: { deep: "x" }, after: undefined });
  expect(records.put(thing({ deep: 7 }))).toBeNull();
  expect(records.unreadable.get("a")).toMatch(/expected string/);
  expect(records.put(thing({}))).toEqual({ before: undefined, after: undefined });
  expect(records.put(thing({ deep: "x" }))).toEqual({ before: undefined, after: { deep: "x" } });
  expect(records.unreadable.size).toBe(0);
});

test("objects of a namespace are told apart", () => {
  const records = createRecords(read);
  for (const namespace of ["n", "m"]) records.put(thing({ deep: namespace }, "1", { namespace }));
  expect([...records.items.keys()]).toEqual(["n/a", "m/a"]);
});

test("what is not among the keys is forgotten, also what could not be read", () => {
  const records = createRecords(read);
  for (const [name, deep] of [
    ["a", "x"],
    ["b", 7],
    ["c", "z"],
  ])
    records.put(thing({ deep }, "1", { name }));
  expect(records.keep(new Set(["c"]))).toEqual([
    { before: { deep: "x" }, after: undefined },
    { before: undefined, after: undefined },
  ]);
  expect([[...records.items.keys()], records.unreadable.size]).toEqual([["c"], 0]);
});

test("versions are compared as numbers", () => {
  const records = createRecords(read);
  expect(records.age(thing({}, "9"))).toBe("Unknown");
  records.put(thing({ deep: "x" }, "9"));
  expect(["8", "9", "10"].map((version) => records.age(thing({}, version)))).toEqual(["Old", "Old", "News"]);
  records.put(thing({ deep: 7 }, "12"));
  expect(records.age(thing({}, "11"))).toBe("Old");
  records.remove(thing({}));
  expect(records.age(thing({}, "1"))).toBe("Unknown");
});
