// The bundle of the agent, as it ships: what is in it, and that it runs with the flags of its manifest.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleProgram } from "../../scripts/bundle-program.ts";
import { shippedStart } from "../lab/shipped-start.ts";

const main = fileURLToPath(new URL("../../agent/main.ts", import.meta.url));
let directory: string;
let modules: string[];
const bundle = () => join(directory, "agent.cjs");

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "bootwarden-bundle-"));
  modules = await bundleProgram(main, bundle());
});
afterAll(() => rm(directory, { recursive: true }));

test.each(["@kubernetes/client-node", "undici", "soap", "zod/v4/classic", "zod/v3"])(
  "%s is not in it: each takes megabytes on every node",
  (heavy) => {
    expect(modules.length).toBeGreaterThan(100);
    expect(modules.filter((id) => id.includes(`/node_modules/${heavy}/`))).toEqual([]);
  },
);

test("of zod's locales only English is in it", () => {
  const locales = modules.flatMap((id) => /\/zod\/v4\/locales\/(\w+)\.js$/.exec(id)?.[1] ?? []);
  expect(locales.filter((name) => name !== "index")).toEqual(["en"]);
});

test("its text takes one byte a character in V8, and means what it did", async () => {
  const text = await readFile(bundle(), "utf8");
  expect(text.length).toBeGreaterThan(100_000);
  expect(text.match(/[^\0-\x7f]/g)).toBeNull();
  const { stdout } = await execa(process.execPath, [bundle(), "parse"], { input: "State: idle\n", reject: false });
  expect(JSON.parse(stdout)).toHaveProperty("error");
  // The ellipsis of a text that was cut.
  expect(text).toContain("\\u2026");
});

test("it runs with the flags and the environment of the DaemonSet", async () => {
  const { flags, environment } = await shippedStart("agent-daemonset.yaml");
  expect(flags).toContain("--lite-mode");
  const env = { ...environment, HOST_ROOT: "relative" };
  const { exitCode, stdout, stderr } = await execa(process.execPath, [...flags, bundle()], {
    env,
    extendEnv: false,
    reject: false,
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 78, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({ reason: "SettingsInvalid" });
});
