import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stagedSince } from "../../agent/staged-since.ts";

let root: string;
const at = (path: string) => join(root, path);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "bootwarden-staged-"));
  await mkdir(at("sysroot/ostree/deploy"), { recursive: true });
  await symlink("sysroot/ostree", at("ostree"));
  await utimes(at("sysroot/ostree/deploy"), 2000, 2000);
});
afterEach(() => rm(root, { recursive: true }));

test("a staged deployment waits since its mark was written, whatever changed after that", async () => {
  await mkdir(at("run/ostree"), { recursive: true });
  await writeFile(at("run/ostree/staged-deployment"), "");
  await utimes(at("run/ostree/staged-deployment"), 1000, 1000.5);
  expect(await stagedSince(root)).toBe(1000.5);
});

test("one that was not staged, as after a rollback, since the last change of the deployments", async () => {
  expect(await stagedSince(root)).toBe(2000);
});

test("where there is no mark it is not known", async () => {
  await rm(at("sysroot"), { recursive: true });
  expect(await stagedSince(root)).toBeNull();
});
