// The bundles, as the image copies them: what the manifests run is there, small, readable for every user, with the licenses of what is in it.
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { writeBundles } from "../../scripts/bundles.ts";
import { noticesOf } from "../../scripts/notices.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
let directory: string;
let names: string[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "bootwarden-bundles-"));
  await writeBundles(join(directory, "dist"));
  names = await readdir(join(directory, "dist"));
}, 60_000);
afterAll(() => rm(directory, { recursive: true }));

const Workload = z.object({
  spec: z.object({
    template: z.object({ spec: z.object({ containers: z.tuple([z.object({ command: z.array(z.string()) })]) }) }),
  }),
});

test.each(["agent-daemonset.yaml", "controller-deployment.yaml"])(
  "what %s runs is one of them, where the Dockerfile copies it",
  async (manifest) => {
    const text = await readFile(join(root, "manifests/base", manifest), "utf8");
    const program = Workload.parse(parse(text)).spec.template.spec.containers[0].command.at(-1) ?? "";
    expect(names).toContain(basename(program));
    expect(await readFile(join(root, "Dockerfile"), "utf8")).toContain(`\nCOPY dist/ ${dirname(program)}/\n`);
  },
);

test("they take at most 15 MB, everybody may read them, and the command line is a command", async () => {
  const found = await Promise.all(names.map((name) => stat(join(directory, "dist", name))));
  expect(found.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(15_000_000);
  const modes = names.map((name) => (name === "kubectl-bootwarden" ? 0o755 : 0o644));
  expect(found.map(({ mode }) => mode & 0o777)).toEqual(modes);
});

test("notices.txt holds the license of every package that is in them, once", async () => {
  const notices = await readFile(join(directory, "dist/notices.txt"), "utf8");
  for (const name of ["@kubernetes/client-node", "soap", "zod", "pino"]) {
    const { version } = JSON.parse(await readFile(join(root, "node_modules", name, "package.json"), "utf8"));
    expect(notices.split("\n").filter((line) => line.startsWith(`${name} ${version} (`))).toHaveLength(1);
  }
  expect(notices).toContain("Permission is hereby granted, free of charge");
  expect(notices).not.toContain("vitest");
});

test("the bill of materials names every package of notices.txt, in its version, and no address", async () => {
  const Bill = z.object({ components: z.array(z.object({ name: z.string(), version: z.string() })) });
  const { stdout } = await execa("npm", ["run", "-s", "sbom"], { cwd: root });
  const billed = new Set(Bill.parse(JSON.parse(stdout)).components.map(({ name, version }) => `${name} ${version}`));
  const notices = await readFile(join(directory, "dist/notices.txt"), "utf8");
  const shipped = notices.match(/(?<=^|-{80}\n\n)\S+ \S+(?= \()/g) ?? [];
  expect(shipped.length).toBeGreaterThan(20);
  expect(shipped.filter((one) => !billed.has(one))).toEqual([]);
  expect(stdout).not.toMatch(/"distribution"/);
});

test("our own license is beside them, whole", async () => {
  expect(await readFile(join(directory, "dist/LICENSE"), "utf8")).toBe(await readFile(join(root, "LICENSE"), "utf8"));
});

test("a package's NOTICE is told after its license, and nothing else of it", async () => {
  const one = join(directory, "node_modules/one");
  await mkdir(one, { recursive: true });
  const files = {
    "package.json": '{"name":"one","version":"1.0.0","license":"Apache-2.0"}',
    "LICENSE.md": "May be used.\n",
    NOTICE: "\nMade by One.\n",
    "noticeable.md": "Is not told.",
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(one, name), text);
  expect(await noticesOf([join(one, "index.js")])).toBe("one 1.0.0 (Apache-2.0)\n\nMay be used.\n\nMade by One.\n");
});

test("a package whose license cannot be told fails the bundles", async () => {
  await expect(noticesOf([join(directory, "node_modules/nameless/index.js")])).rejects.toThrow("package.json");
});

test("the command line starts by itself, wherever it lies", async () => {
  const command = join(directory, "kubectl-bootwarden");
  await copyFile(join(directory, "dist/kubectl-bootwarden"), command);
  const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  for (const file of [command, join(directory, "dist/kubectl-bootwarden")])
    expect((await execa(file, ["version"], { env, extendEnv: false })).stdout).toBe(`kubectl-bootwarden ${version}`);
});
