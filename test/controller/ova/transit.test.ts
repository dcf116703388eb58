import { expect, test } from "vitest";
import { sharedBlocks } from "../../../common/shared-blocks.ts";
import { transit } from "../../../controller/ova/transit.ts";

test("a block is held until a piece of a later one comes out", () => {
  const blocks = sharedBlocks({ blockBytes: 100 });
  const { enter, leave } = transit(blocks);
  const taken = [blocks.take(), blocks.take(), blocks.take()];
  for (const { block, release } of taken) {
    enter(block);
    release();
  }
  expect(blocks.held()).toBe(3);
  const [first, second, third] = taken.map(({ block }) => block);
  for (const piece of [first?.subarray(0, 10), first?.subarray(50)]) {
    leave(piece ?? Buffer.alloc(0));
    expect(blocks.held()).toBe(3);
  }
  leave(second?.subarray(99) ?? Buffer.alloc(0));
  expect(blocks.held()).toBe(2);
  leave(third?.subarray(1) ?? Buffer.alloc(0));
  expect(blocks.held()).toBe(1);
});

test("a reader that swallows whole blocks lets go of them with the next piece", () => {
  const blocks = sharedBlocks({ blockBytes: 100 });
  const { enter, leave } = transit(blocks);
  let last: Buffer = Buffer.alloc(0);
  for (let n = 0; n < 5; n += 1) {
    const { block, release } = blocks.take();
    enter(block);
    release();
    last = block;
  }
  leave(last.subarray(3));
  expect(blocks.held()).toBe(1);
});
