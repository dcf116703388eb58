import { createHash, randomBytes } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { hashThread } from "../../common/hash-thread.ts";

const data = randomBytes(5_000_000);
const digestOf = (algorithm: string, bytes: Buffer) => createHash(algorithm).update(bytes).digest("hex");

function opened(algorithm: "sha1" | "sha256") {
  const thread = hashThread(algorithm);
  onTestFinished(thread.close);
  return thread;
}

test.each([
  ["sha1", 1 << 16],
  ["sha256", 1 << 16],
  ["sha256", 1000],
  ["sha256", 1 << 19],
  ["sha1", 3_000_001],
] as const)("%s of chunks of %i bytes is that of the whole", async (algorithm, size) => {
  const thread = opened(algorithm);
  for (let at = 0; at < data.length; at += size) await thread.update(data.subarray(at, at + size));
  expect(await thread.digest()).toBe(digestOf(algorithm, data));
});

test("the memory of what was given is free again", async () => {
  const thread = opened("sha256");
  const chunk = Buffer.alloc(700_000, 1);
  await thread.update(chunk);
  chunk.fill(2);
  await thread.update(chunk);
  const whole = Buffer.concat([Buffer.alloc(700_000, 1), Buffer.alloc(700_000, 2)]);
  expect(await thread.digest()).toBe(digestOf("sha256", whole));
});

test("nothing has a digest, too", async () => {
  expect(await opened("sha1").digest()).toBe(digestOf("sha1", Buffer.alloc(0)));
});

test("two at once do not meet", async () => {
  const [one, other] = [opened("sha1"), opened("sha1")];
  for (let at = 0; at < data.length; at += 1 << 20) {
    await one.update(data.subarray(at, at + (1 << 20)));
    await other.update(data.subarray(0, 10));
  }
  expect(await one.digest()).toBe(digestOf("sha1", data));
  expect(await other.digest()).toBe(digestOf("sha1", Buffer.concat(Array(5).fill(data.subarray(0, 10)))));
});

test("one that is closed fails what waits for it, and hangs nobody", async () => {
  const thread = hashThread("sha256");
  const updates = (async () => {
    for (;;) await thread.update(data);
  })();
  thread.close();
  await expect(updates).rejects.toThrow("the thread of the sha256 ended");
  await expect(thread.digest()).rejects.toThrow("the thread of the sha256 ended");
});
