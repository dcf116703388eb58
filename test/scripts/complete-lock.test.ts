// The lock completion, run as a program on lock files of its own.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";

const script = fileURLToPath(new URL("../../scripts/complete-lock.ts", import.meta.url));

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "bootwarden-lock-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function completed(packages: object): Promise<{ text: string; stderr: string }> {
  const file = join(directory, "package-lock.json");
  await writeFile(file, JSON.stringify({ name: "x", lockfileVersion: 3, packages }));
  const { stderr } = await execa(process.execPath, [script], { cwd: directory });
  return { text: await readFile(file, "utf8"), stderr };
}

const tool = {
  version: "1.0.0",
  dev: true,
  optionalDependencies: { "@tool/linux-x64": "1.0.0", "@tool/darwin-arm64": "1.0.0" },
};

test("adds the platform packages that are missing, as npm would write them, in order", async () => {
  const there = { version: "1.0.0", optional: true, os: ["linux"], cpu: ["x64"], integrity: "sha512-x" };
  const { text, stderr } = await completed({ "node_modules/tool": tool, "node_modules/@tool/linux-x64": there });
  expect(JSON.parse(text)).toEqual({
    name: "x",
    lockfileVersion: 3,
    packages: {
      "node_modules/@tool/darwin-arm64": {
        version: "1.0.0",
        dev: true,
        optional: true,
        os: ["darwin"],
        cpu: ["arm64"],
      },
      "node_modules/@tool/linux-x64": there,
      "node_modules/tool": tool,
    },
  });
  expect(Object.keys(JSON.parse(text).packages)).toEqual([
    ...["node_modules/@tool/darwin-arm64", "node_modules/@tool/linux-x64", "node_modules/tool"],
  ]);
  expect(stderr).toContain("added 1 ");
});

test("is done after one run", async () => {
  const { text } = await completed({ "node_modules/tool": tool });
  const again = await completed(JSON.parse(text).packages);
  expect(again.text).toBe(text);
  expect(again.stderr).toContain("added 0 ");
});

test("leaves optional packages that are of no platform alone", async () => {
  const packages = {
    "node_modules/tool": { version: "1.0.0", optionalDependencies: { fsevents: "2.0.0", colors: "1.0.0" } },
  };
  expect(JSON.parse((await completed(packages)).text).packages).toEqual(packages);
});

test.each([
  ["@tool/linux-arm64", "linux", "arm64"],
  ["@tool/linux-arm", "linux", "arm"],
  ["@tool/win32-ia32", "win32", "ia32"],
  ["@tool/linux-s390x", "linux", "s390x"],
])("tells the platform of %s", async (name, os, cpu) => {
  const packages = { "node_modules/tool": { version: "1.0.0", optionalDependencies: { [name]: "1.0.0" } } };
  const { text } = await completed(packages);
  expect(JSON.parse(text).packages[`node_modules/${name}`]).toMatchObject({ os: [os], cpu: [cpu] });
});

test("the lock file of this repository is complete", async () => {
  const { packages } = JSON.parse(await readFile(new URL("../../package-lock.json", import.meta.url), "utf8"));
  expect((await completed(packages)).stderr).toContain("added 0 ");
});

test("a lock file that is no JSON is left as it is", async () => {
  const file = join(directory, "package-lock.json");
  await writeFile(file, "{");
  await expect(execa(process.execPath, [script], { cwd: directory })).rejects.toThrow();
  expect(await readFile(file, "utf8")).toBe("{");
});
