import { createHash, randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { plainDigest } from "../../common/digest.ts";
import { type HashThread, hashThread } from "../../common/hash-thread.ts";
import { sharedBlocks } from "../../common/shared-blocks.ts";

const data = randomBytes(5_000_000);
const digestOf = (algorithm: string, bytes: Buffer) => createHash(algorithm).update(bytes).digest("hex");

let thread: HashThread;
beforeEach(() => {
  thread = hashThread(sharedBlocks());
});
afterEach(() => thread.close());

describe.each([
  ["in the event loop", plainDigest],
  ["beside it", (algorithm: "sha1" | "sha256") => thread.digest(algorithm)],
])("a digest %s", (_, make) => {
  test.each([
    ["sha1", 1 << 16],
    ["sha256", 1 << 16],
    ["sha256", 1000],
    ["sha256", 1 << 19],
    ["sha1", 3_000_001],
  ] as const)("%s of chunks of %i bytes is that of the whole", async (algorithm, size) => {
    const digest = make(algorithm);
    for (let at = 0; at < data.length; at += size) await digest.update(data.subarray(at, at + size));
    expect(await digest.end()).toBe(digestOf(algorithm, data));
  });

  test("leaves the memory of what was given free again", async () => {
    const digest = make("sha256");
    const chunk = Buffer.alloc(700_000, 1);
    await digest.update(chunk);
    chunk.fill(2);
    await digest.update(chunk);
    const whole = Buffer.concat([Buffer.alloc(700_000, 1), Buffer.alloc(700_000, 2)]);
    expect(await digest.end()).toBe(digestOf("sha256", whole));
  });

  test("is there for nothing, too", async () => {
    expect(await make("sha1").end()).toBe(digestOf("sha1", Buffer.alloc(0)));
  });

  test("does not meet another one", async () => {
    const [one, other] = [make("sha1"), make("sha256")];
    for (let at = 0; at < data.length; at += 1 << 20) {
      await one.update(data.subarray(at, at + (1 << 20)));
      await other.update(data.subarray(0, 10));
    }
    expect(await one.end()).toBe(digestOf("sha1", data));
    expect(await other.end()).toBe(digestOf("sha256", Buffer.concat(Array(5).fill(data.subarray(0, 10)))));
  });
});

test("blocks are hashed where they lie, and held so long", async () => {
  const blocks = sharedBlocks({ blockBytes: 100_000 });
  const beside = hashThread(blocks);
  const [whole, tail] = [beside.digest("sha256"), beside.digest("sha1")];
  const used = new Set<ArrayBufferLike>();
  for (let at = 0; at < data.length; at += 100_000) {
    const { block, release } = blocks.take();
    used.add(block.buffer);
    data.copy(block, 0, at);
    await whole.update(block);
    await tail.update(block.subarray(99_000));
    release();
  }
  expect(await whole.end()).toBe(digestOf("sha256", data));
  const tails = Array.from({ length: 50 }, (_, index) =>
    data.subarray(index * 100_000 + 99_000, (index + 1) * 100_000),
  );
  expect(await tail.end()).toBe(digestOf("sha1", Buffer.concat(tails)));
  expect(blocks.held()).toBe(0);
  expect(used.size).toBeLessThan(20);
  await beside.close();
});

test("a thread that is closed fails what waits for it, and hangs nobody", async () => {
  const digest = thread.digest("sha256");
  const updates = (async () => {
    for (;;) await digest.update(data);
  })();
  const closed = thread.close();
  await expect(updates).rejects.toThrow("the hash thread was closed");
  await closed;
  await expect(digest.end()).rejects.toThrow("the hash thread was closed");
});
