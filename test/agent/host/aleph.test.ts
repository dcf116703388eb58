import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseAleph, readAleph } from "../../../agent/host/aleph.ts";

let top: string;
let root: string;
const fixture = (name: string) => new URL(`../../fixtures/aleph-${name}.json`, import.meta.url);
const put = (file: string, text: string) => writeFile(join(root, "sysroot", file), text);

beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), "bootwarden-aleph-"));
  root = join(top, "host");
  await mkdir(join(root, "sysroot"), { recursive: true });
});
afterEach(() => rm(top, { recursive: true }));

describe("readAleph", () => {
  test("the old file", async () => {
    await copyFile(fixture("legacy"), join(root, "sysroot/.coreos-aleph-version.json"));
    expect(await readAleph(root)).toEqual({
      bootImage: { release: "411.86.202308081056-0", source: "/sysroot/.coreos-aleph-version.json" },
      warnings: [],
    });
  });

  test("the new file, under its own name and behind the relative link of the old one", async () => {
    await copyFile(fixture("container"), join(root, "sysroot/.aleph-version.json"));
    const release = "9.6.20261028-0";
    expect((await readAleph(root)).bootImage).toEqual({ release, source: "/sysroot/.aleph-version.json" });
    await symlink(".aleph-version.json", join(root, "sysroot/.coreos-aleph-version.json"));
    expect((await readAleph(root)).bootImage).toEqual({ release, source: "/sysroot/.coreos-aleph-version.json" });
  });

  test("bootc's file", async () => {
    await put(".bootc-aleph.json", '{"version":"44.20260101.0","target-image":"x"}');
    expect((await readAleph(root)).bootImage?.source).toBe("/sysroot/.bootc-aleph.json");
  });

  test("no file is no failure", async () => {
    expect(await readAleph(root)).toEqual({ bootImage: null, warnings: [] });
  });

  test.each<[string, () => Promise<unknown>, RegExp]>([
    [
      "a relative link that leaves the root",
      () => symlink("../../outside.json", join(root, "sysroot/.aleph-version.json")),
      /outside|root/,
    ],
    ["an absolute link", () => symlink(join(top, "outside.json"), join(root, "sysroot/.aleph-version.json")), /root/],
    ["a link to itself", () => symlink(".aleph-version.json", join(root, "sysroot/.aleph-version.json")), /ELOOP/],
    ["a directory", () => mkdir(join(root, "sysroot/.aleph-version.json")), /regular/],
    ["a FIFO", () => execa("mkfifo", [join(root, "sysroot/.aleph-version.json")]), /regular/],
    ["a device", () => symlink("/dev/zero", join(root, "sysroot/.aleph-version.json")), /root/],
    ["more than 256 KiB", () => put(".aleph-version.json", `{"version":"1"${" ".repeat(262_144)}}`), /larger/],
    ["no JSON", () => put(".aleph-version.json", "9.6"), /names no release/],
  ])("%s is a warning, and the next file is tried", async (_, make, warning) => {
    await writeFile(join(top, "outside.json"), '{"version":"stolen"}');
    await make();
    await put(".bootc-aleph.json", '{"version":"1.2"}');
    const { bootImage, warnings } = await readAleph(root);
    expect(bootImage).toEqual({ release: "1.2", source: "/sysroot/.bootc-aleph.json" });
    expect(warnings).toEqual([expect.stringMatching(warning)]);
  });
});

test.each([
  ['{"build":"a","version":"b"}', "b"],
  ['{"build":"a","version":7}', "a"],
  ['{"imgid":"rhcos-411-qemu.x86_64.qcow2"}', null],
  ['{"version":"two words"}', null],
  [`{"version":"${"x".repeat(129)}"}`, null],
  ["[]", null],
  ["", null],
])("parseAleph %s", (text, release) => {
  expect(parseAleph(text)).toBe(release);
});

test("parseAleph takes any text and gives a short plain word or null", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(parseAleph(text) ?? "x").toMatch(/^[\w.+~:-]{1,128}$/);
    }),
  );
});
