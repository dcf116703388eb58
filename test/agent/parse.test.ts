// The command, as a process: what it reads, where it prints, how it ends.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const program = fileURLToPath(new URL("../../agent/main.ts", import.meta.url));
const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/saved-status/${name}`, import.meta.url));
const parse = (args: string[], input: string | Uint8Array = "") =>
  execa(process.execPath, [program, "parse", ...args], { input, reject: false, extendEnv: false });

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "bootwarden-parse-"));
});
afterAll(() => rm(directory, { recursive: true }));

const status = "State: idle\nDeployments:\n● vm\n  Version: 1 (2026-10-28T09:15:00Z)\n";
const record =
  '{"node":null,"state":"idle","transaction":null,"deployments":[{"booted":true,"staged":false,"image":"vm","digest":null,"digestSource":null,"version":"1","checksum":null,"baseChecksum":null,"pinned":false,"unlocked":"none","liveReplaced":null}],"warnings":[]}';

describe("ends with 0", () => {
  test.each<[string, string[]]>([
    ["without a file", []],
    ["with -", ["-"]],
  ])("and prints the record of the standard input %s", async (_, args) => {
    expect(await parse(args, status)).toMatchObject({ exitCode: 0, stdout: record, stderr: "" });
  });

  test.each<[string, Buffer]>([
    ["UTF-8 with a mark", Buffer.from(`\uFEFF${status}`)],
    ["UTF-16 of PowerShell", Buffer.from(`\uFEFF${status.replaceAll("\n", "\r\n")}`, "utf16le")],
    ["UTF-16 of the other order", Buffer.from(`\uFEFF${status}`, "utf16le").swap16()],
    ["a bullet that was cut in two", Buffer.from(status).filter((byte) => byte !== 0x97) as Buffer],
  ])("for a file in %s", async (name, bytes) => {
    const file = join(directory, name);
    await writeFile(file, bytes);
    expect(await parse([file])).toMatchObject({ exitCode: 0, stdout: record });
  });

  test.each(["--help", "-h"])("and says how it is used: %s", async (option) => {
    const { exitCode, stdout, stderr } = await parse([option]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: .* parse \[FILE\|-\]/);
  });

  test("when the reader has read enough", async () => {
    const file = join(directory, "many");
    await writeFile(file, status.repeat(20_000));
    const command = `"$0" "$1" parse "$2" | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await execa("bash", ["-c", command, process.execPath, program, file]);
    expect({ stdout, stderr }).toEqual({ stdout: `${record}\n0`, stderr: "" });
  });
});

test("ends with 1 when a node is an error, after all are printed", async () => {
  const { exitCode, stdout, stderr } = await parse([fixture("2025.6-several-nodes.txt")]);
  expect({ exitCode, stderr, lines: stdout.split("\n").length }).toEqual({ exitCode: 1, stderr: "", lines: 5 });
  expect(await parse([], "")).toMatchObject({
    exitCode: 1,
    stdout: expect.stringMatching(/^{"node":null,"error":{"reason":"UnreadableOutput"/),
  });
});

test.each<[string, () => string[], RegExp]>([
  ["a file that is missing", () => [join(directory, "none")], /none cannot be read: ENOENT/],
  ["a directory", () => [directory], /cannot be read: EISDIR/],
  ["an unknown option", () => ["--json"], /^parse takes one FILE .*\n\nUsage:/],
  ["two files", () => ["a", "b"], /^parse takes one FILE/],
])("ends with 2 and says why on the standard error: %s", async (_, args, why) => {
  expect(await parse(args())).toMatchObject({ exitCode: 2, stdout: "", stderr: expect.stringMatching(why) });
});
