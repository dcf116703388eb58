import { expect, test } from "vitest";
import { sharedBlocks } from "../../common/shared-blocks.ts";

test("a block comes again when the last who holds it lets go", () => {
  const blocks = sharedBlocks({ blockBytes: 1000 });
  const { block, release } = blocks.take();
  const first = blocks.hold(block.subarray(10, 20));
  const second = blocks.hold(block.subarray(900));
  release();
  first();
  expect(blocks.held()).toBe(1);
  expect(blocks.take().block.buffer).not.toBe(block.buffer);
  second();
  expect(blocks.held()).toBe(1);
  const again = blocks.take().block;
  expect(again.buffer).toBe(block.buffer);
  expect(again).toHaveLength(1000);
});

test("to let go twice is to let go once", () => {
  const blocks = sharedBlocks({ blockBytes: 1000 });
  const { block, release } = blocks.take();
  const held = blocks.hold(block);
  release();
  release();
  expect(blocks.held()).toBe(1);
  held();
  expect(blocks.held()).toBe(0);
});

test("other memory needs nobody who holds it", () => {
  const blocks = sharedBlocks({ blockBytes: 1000 });
  const one = sharedBlocks({ blockBytes: 1000 }).take().block;
  for (const memory of [Buffer.alloc(10), one]) blocks.hold(memory)();
  expect(blocks.held()).toBe(0);
  expect(blocks.take().block.buffer).not.toBe(one.buffer);
});

test("what one stream leaves, the next one takes, also what somebody still held", () => {
  const spare: Buffer[] = [];
  const first = sharedBlocks({ blockBytes: 1000, spare });
  const [one, other, third] = [first.take(), first.take(), first.take()];
  const late = first.hold(other.block);
  one.release();
  first.close();
  expect(first.held()).toBe(0);
  const memories = [one, other, third].map(({ block }) => block.buffer);
  expect(new Set(spare.map(({ buffer }) => buffer))).toEqual(new Set(memories));
  const second = sharedBlocks({ blockBytes: 1000, spare });
  const taken = [second.take(), second.take(), second.take()];
  late();
  other.release();
  expect(second.held()).toBe(3);
  expect(spare).toEqual([]);
  expect(new Set(taken.map(({ block }) => block.buffer))).toEqual(new Set(memories));
});

test("no more than a few are kept for the next stream", () => {
  const spare: Buffer[] = [];
  for (let n = 0; n < 3; n += 1) {
    const blocks = sharedBlocks({ blockBytes: 1000, spare });
    for (let taken = 0; taken < 50; taken += 1) blocks.take();
    blocks.close();
    expect(spare).toHaveLength(16);
  }
});

test("what is taken one after the other is one piece of memory", () => {
  const blocks = sharedBlocks({ blockBytes: 1000 });
  const seen = new Set<ArrayBufferLike>();
  for (let n = 0; n < 100; n += 1) {
    const { block, release } = blocks.take();
    seen.add(block.buffer);
    release();
  }
  expect(seen.size).toBe(1);
});
