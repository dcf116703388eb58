import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { sharedBlocks } from "../../../common/shared-blocks.ts";
import { type Gathering, gathering } from "../../../controller/ova/gathering.ts";

const size = 1000;

function gather() {
  const blocks = sharedBlocks({ blockBytes: size });
  const flow = { paused: 0, resumed: 0 };
  const gathered = gathering(blocks, () => ({ pause: () => (flow.paused += 1), resume: () => (flow.resumed += 1) }));
  return { blocks, flow, ...gathered };
}

async function copies(body: Gathering["body"]): Promise<Buffer[]> {
  const got: Buffer[] = [];
  for await (const block of body) got.push(Buffer.from(block));
  return got;
}

describe("the chunks of a body", () => {
  test.each([1, 999, 1000, 1001, 4321])(
    "of %i bytes are joined in blocks, whatever becomes of their memory",
    async (length) => {
      const { add, end, body, blocks } = gather();
      const bytes = randomBytes(10_500);
      const reading = copies(body);
      for (let at = 0; at < bytes.length; at += length) {
        const chunk = Buffer.from(bytes.subarray(at, at + length));
        add(chunk);
        chunk.fill(0);
      }
      end();
      const got = await reading;
      expect(Buffer.concat(got).equals(bytes)).toBe(true);
      expect(got.map((block) => block.length)).toEqual([...Array(10).fill(size), 500]);
      expect(blocks.held()).toBe(0);
    },
  );

  test("are given before what broke them", async () => {
    const { add, fail, body } = gather();
    add(randomBytes(2500));
    fail(new Error("reset"));
    let bytes = 0;
    const reading = (async () => {
      for await (const block of body) bytes += block.length;
    })();
    await expect(reading).rejects.toThrow("reset");
    expect(bytes).toBe(2500);
  });

  test("that come slowly do not wait for a full block", async () => {
    const { add, end, body } = gather();
    const reading = body[Symbol.asyncIterator]();
    const first = reading.next();
    add(Buffer.from("slow"));
    expect(String((await first).value)).toBe("slow");
    const second = reading.next();
    add(Buffer.from("er"));
    end();
    expect(String((await second).value)).toBe("er");
    expect((await reading.next()).done).toBe(true);
  });

  test("that are read into it in between are given behind", async () => {
    const { room, filled, end, body, blocks } = gather();
    const bytes = randomBytes(2 * size);
    const reading = body[Symbol.asyncIterator]();
    const got: Buffer[] = [];
    const read = (from: number, to: number, into: Uint8Array) => {
      into.set(bytes.subarray(from, to));
      filled(to - from);
    };
    read(0, 300, room());
    const promised = room();
    got.push(Buffer.from((await reading.next()).value));
    expect(got[0]).toHaveLength(300);
    read(300, 400, promised);
    read(400, size, room());
    read(size, 2 * size, room());
    end();
    got.push(...(await copies({ [Symbol.asyncIterator]: () => reading })));
    expect(got.map((piece) => piece.length)).toEqual([300, 700, size]);
    expect(Buffer.concat(got).equals(bytes)).toBe(true);
    expect(blocks.held()).toBe(0);
  });

  test("an empty body has no block", async () => {
    const { end, body } = gather();
    end();
    expect(await copies(body)).toEqual([]);
  });
});

test("what comes behind the end, or is not wanted any more, leaves no block held", async () => {
  const { room, filled, add, end, drop, body, blocks } = gather();
  add(randomBytes(2 * size));
  end();
  const promised = room();
  expect(promised.length).toBeGreaterThan(0);
  filled(promised.length);
  add(randomBytes(5000));
  expect(Buffer.concat(await copies(body))).toHaveLength(2 * size);
  expect(room().length).toBeGreaterThan(0);
  expect(blocks.held()).toBe(0);
  const other = gathering(blocks, () => ({ pause: () => undefined, resume: () => undefined }));
  other.add(randomBytes(3500));
  other.room();
  expect(blocks.held()).toBe(4);
  other.drop();
  expect(blocks.held()).toBe(0);
  drop();
  expect(blocks.held()).toBe(0);
});

describe("the sender", () => {
  test("is stopped when as much is held as may be, and goes on when the reader has caught up", async () => {
    const { add, end, body, blocks, flow } = gather();
    for (let n = 0; flow.paused === 0; n += 1) {
      expect(n).toBeLessThan(100);
      add(Buffer.alloc(size, n));
    }
    expect(blocks.held()).toBe(12);
    const reading = body[Symbol.asyncIterator]();
    await reading.next();
    expect(flow).toEqual({ paused: 1, resumed: 0 });
    await reading.next();
    expect(flow).toEqual({ paused: 1, resumed: 1 });
    end();
    await copies({ [Symbol.asyncIterator]: () => reading });
    expect(blocks.held()).toBe(0);
  });

  test("is never stopped while the reader has nothing, whatever that holds", async () => {
    const { add, body, blocks, flow } = gather();
    const held: (() => void)[] = [];
    const reading = body[Symbol.asyncIterator]();
    for (let n = 0; n < 50; n += 1) {
      if (flow.paused === flow.resumed) add(Buffer.alloc(size, n));
      const { value } = await reading.next();
      expect(value[0]).toBe(n);
      held.push(blocks.hold(value));
    }
    expect(held).toHaveLength(50);
  });

  test("is quiet only while it might send", async () => {
    const { add, quiet, flow, body } = gather();
    await sleep(20);
    expect(quiet()).toBeGreaterThan(10);
    while (flow.paused === 0) add(Buffer.alloc(size));
    await sleep(20);
    expect(quiet()).toBe(0);
    const reading = body[Symbol.asyncIterator]();
    while (flow.resumed === 0) await reading.next();
    expect(quiet()).toBeLessThan(10);
  });
});
