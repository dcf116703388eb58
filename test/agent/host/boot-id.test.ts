import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readBootID } from "../../../agent/host/boot-id.ts";

test("reads this machine's boot id", async () => {
  expect(await readBootID("/")).toMatch(/^[0-9a-f-]{36}$/);
});

test("a missing or malformed one is BootIDUnreadable", async () => {
  const root = await mkdtemp(join(tmpdir(), "bootwarden-boot-"));
  await expect(readBootID(root)).rejects.toMatchObject({ reason: "BootIDUnreadable" });
  await mkdir(join(root, "proc/sys/kernel/random"), { recursive: true });
  await writeFile(join(root, "proc/sys/kernel/random/boot_id"), "none\n");
  await expect(readBootID(root)).rejects.toMatchObject({ reason: "BootIDUnreadable" });
  await expect(readBootID(join(root, "no"))).rejects.toMatchObject({ reason: "BootIDUnreadable" });
  await rm(root, { recursive: true });
});
