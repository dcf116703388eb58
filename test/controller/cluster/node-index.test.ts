// The index by Node: which objects name it, through every kind of change.
import { expect, test } from "vitest";
import { createNodeIndex } from "../../../controller/cluster/node-index.ts";

interface Thing {
  id: number;
  node: string | undefined;
}

function thing(id: number, node?: string): Thing {
  return { id, node };
}

test("an object comes, changes, moves to another Node, lets go and goes", () => {
  const index = createNodeIndex<Thing>();
  const [first, changed, moved, loose] = [thing(1, "a"), thing(2, "a"), thing(3, "b"), thing(4)];
  expect(index.take({ before: undefined, after: first })).toEqual(["a"]);
  expect(index.of("a")).toEqual([first]);
  expect(index.take({ before: first, after: changed })).toEqual(["a"]);
  expect(index.of("a")).toEqual([changed]);
  expect(index.take({ before: changed, after: moved })).toEqual(["a", "b"]);
  expect([index.of("a"), index.of("b")]).toEqual([[], [moved]]);
  expect(index.take({ before: moved, after: loose })).toEqual(["b"]);
  expect(index.of("b")).toEqual([]);
  expect(index.take({ before: loose, after: undefined })).toEqual([]);
});

test("two that name one Node are both there, the newer one last", () => {
  const index = createNodeIndex<Thing>();
  const [one, two] = [thing(1, "a"), thing(2, "a")];
  for (const after of [one, two]) index.take({ before: undefined, after });
  expect(index.of("a")).toEqual([one, two]);
  index.take({ before: one, after: undefined });
  expect(index.of("a")).toEqual([two]);
});
