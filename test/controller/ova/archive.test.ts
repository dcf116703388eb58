import { randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { sharedBlocks } from "../../../common/shared-blocks.ts";
import { openArchive } from "../../../controller/ova/archive.ts";
import { OvaError } from "../../../controller/ova/ova-error.ts";
import { chunks, inBlocks, type Member, readAll, sha256, tarOf } from "./tar.ts";

const disk = randomBytes(300_000);
const ovf = "<Envelope/>";

describe("a whole image", () => {
  test.each([
    [
      "disk last",
      [
        ["a.ovf", ovf],
        ["disk.vmdk", disk],
      ],
    ],
    [
      "manifest before the disk",
      [
        ["a.ovf", ovf],
        ["a.mf", "SHA256"],
        ["disk.vmdk", disk],
      ],
    ],
    [
      "manifest and certificate at the end",
      [
        ["a.ovf", ovf],
        ["disk.vmdk", disk],
        ["a.mf", "x"],
        ["a.cert", "y"],
      ],
    ],
  ] as const)("%s", async (_, members) => {
    const bytes = await tarOf(members.map(([name, content]) => [name, content]));
    const archive = await openArchive(chunks(bytes));
    expect(archive.descriptor).toBe(ovf);
    expect(archive.disk).toMatchObject({ name: "disk.vmdk", size: disk.length });
    expect((await readAll(archive.disk.content)).equals(disk)).toBe(true);
    expect(await archive.finish()).toEqual({ sha256: sha256(bytes), bytes: bytes.length });
  });
});

test.each([512, 4_000, 65_536])(
  "an image in blocks of %i bytes that are used again is read right, in few of them",
  async (size) => {
    const bytes = await tarOf([
      ["a.ovf", ovf],
      ["a.mf", "SHA256"],
      ["disk.vmdk", disk],
      ["a.cert", "x"],
    ]);
    const blocks = sharedBlocks({ blockBytes: size });
    const archive = await openArchive(inBlocks(bytes, blocks), { blocks });
    expect(archive.descriptor).toBe(ovf);
    const pieces: Buffer[] = [];
    let most = 0;
    for await (const piece of archive.disk.content) {
      await setImmediate();
      most = Math.max(most, blocks.held());
      pieces.push(Buffer.from(piece));
    }
    expect(Buffer.concat(pieces).equals(disk)).toBe(true);
    expect(most * size).toBeLessThan(8 * Math.max(size, 8_000));
    expect(await archive.finish()).toEqual({ sha256: sha256(bytes), bytes: bytes.length });
  },
);

describe("a bad image", () => {
  const whole: Member[] = [
    ["a.ovf", ovf],
    ["d", disk],
  ];
  test.each([
    ["empty", async () => Buffer.alloc(0), "DescriptorMissing"],
    ["no tar", async () => Buffer.from("<html>Not found</html>".repeat(100)), "DescriptorMissing"],
    ["an archive of nothing", async () => Buffer.alloc(1024), "DescriptorMissing"],
    ["no descriptor", () => tarOf([["disk.vmdk", disk]]), "DescriptorMissing"],
    ["descriptor not first", () => tarOf([["a.mf", "x"], ...whole]), "DescriptorMissing"],
    [
      "huge descriptor",
      () =>
        tarOf([
          ["a.ovf", Buffer.alloc(1_048_577, 32)],
          ["d", disk],
        ]),
      "DescriptorInvalid",
    ],
    [
      "huge manifest",
      () =>
        tarOf([
          ["a.ovf", ovf],
          ["a.mf", Buffer.alloc(1_048_577)],
          ["d", disk],
        ]),
      "DescriptorInvalid",
    ],
    ["no disk", () => tarOf([["a.ovf", ovf]]), "DescriptorInvalid"],
    ["truncated in the first header", async () => (await tarOf(whole)).subarray(0, 300), "ImageTruncated"],
    ["truncated in the descriptor", async () => (await tarOf(whole)).subarray(0, 515), "ImageTruncated"],
    ["truncated in the disk", async () => (await tarOf(whole)).subarray(0, 200_000), "ImageTruncated"],
    ["two disks", () => tarOf([...whole, ["e", disk]]), "DescriptorInvalid"],
    [
      "rubbish far behind the disk",
      async () => Buffer.concat([await tarOf(whole), Buffer.alloc(9 << 20)]),
      "DescriptorInvalid",
    ],
  ] as const)("%s", async (_, image, reason) => {
    await expect(readWhole(await image())).rejects.toMatchObject({ name: "OvaError", reason });
  });

  test.each([
    ["empty blocks", "", Buffer.alloc(1 << 20)],
    ["empty blocks behind the descriptor", ovf, Buffer.alloc(1 << 20)],
    // A name that is not ASCII stands in an extended header of its own, two blocks long.
    ["extended headers", "", tarOf([["\u00fc.ovf", ovf]]).then((bytes) => bytes.subarray(0, 1024))],
  ] as const)("%s without end", async (_, descriptor, repeated) => {
    const block = await repeated;
    let sent = 0;
    async function* body(): AsyncGenerator<Buffer, void, undefined> {
      if (descriptor !== "") yield (await tarOf([["a.ovf", descriptor]])).subarray(0, 1024);
      for (; sent < 32 << 20; sent += block.length) yield block;
    }
    const message = expect.stringContaining("8 MiB");
    await expect(openArchive(body())).rejects.toMatchObject({ reason: "DescriptorInvalid", message });
    expect(sent).toBeLessThan(10 << 20);
  });

  test("what the body throws comes through while the disk is read", async () => {
    const bytes = await tarOf([
      ["a.ovf", ovf],
      ["disk.vmdk", disk],
    ]);
    async function* broken(): AsyncGenerator<Buffer, void, undefined> {
      yield* chunks(bytes.subarray(0, 100_000));
      throw new OvaError("DownloadFailed", "reset");
    }
    const archive = await openArchive(broken());
    await expect(readAll(archive.disk.content)).rejects.toMatchObject({ reason: "DownloadFailed", message: "reset" });
    await archive.close();
  });

  test("closing early closes the body", async () => {
    const bytes = await tarOf([
      ["a.ovf", ovf],
      ["disk.vmdk", disk],
    ]);
    let closed = false;
    async function* body(): AsyncGenerator<Buffer, void, undefined> {
      try {
        yield* chunks(bytes);
      } finally {
        closed = true;
      }
    }
    const archive = await openArchive(body());
    await archive.close();
    expect(closed).toBe(true);
  });
});

async function readWhole(bytes: Buffer): Promise<unknown> {
  const archive = await openArchive(chunks(bytes, 65_536));
  await readAll(archive.disk.content);
  return await archive.finish();
}
