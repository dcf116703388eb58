// The image command where nothing can build an image, and where it is asked for what it does not know.
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, test, vi } from "vitest";
import { buildArguments } from "../../scripts/image-build.ts";
import { textOf } from "../source-text.ts";

const script = fileURLToPath(new URL("../../scripts/image.ts", import.meta.url));

// Each starts a process of Node's.
vi.setConfig({ testTimeout: 60_000 });

test("without a container engine it says so in a sentence, and what would do", async () => {
  const env = { PATH: "/nonexistent" };
  const ended = await execa(process.execPath, [script], { env, extendEnv: false, reject: false });
  expect(ended).toMatchObject({ exitCode: 1, stdout: "" });
  expect(ended.stderr).toMatch(/^No container engine works here: podman is not installed, docker .*, buildah .*\.$/);
});

describe("the labels of the image", () => {
  const lines = textOf("Dockerfile").split("\n");
  const declared = lines.slice(lines.findIndex((line) => line.startsWith("FROM "))).flatMap((line) => {
    const [, name] = /^ARG (\w+)/.exec(line) ?? [];
    return name ?? [];
  });

  test("say what the build is told, and of no argument that the Dockerfile does not have", async () => {
    const told = await buildArguments({ base: "base", source: "https://git.example.com/bootwarden" });
    expect(declared.filter((name) => name !== "VENDOR").sort()).toEqual(Object.keys(told).sort());
    const used = [...textOf("Dockerfile").matchAll(/="\$\{(\w+)\}"/g)].map(([, name]) => name);
    expect([...new Set(used)].sort()).toEqual(declared.sort());
  });

  test("have the commit, as far as there is one, and its time", async () => {
    const { REVISION, CREATED, VERSION } = await buildArguments({});
    expect(REVISION).toMatch(/^(?:[0-9a-f]{40}|unknown)$/);
    expect(CREATED).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)$/);
    expect(VERSION).toBe(JSON.parse(textOf("package.json")).version);
  });

  test("do not repeat the base's own vendor and address, which are not ours", () => {
    const labels = [...textOf("Dockerfile").matchAll(/^(?:LABEL)? +([\w.]+)=/gm)].map(([, name]) => name);
    expect(labels).toEqual(expect.arrayContaining(["vendor", "maintainer", "url"]));
  });
});

test("an unknown option ends in the usage", async () => {
  const ended = await execa(process.execPath, [script, "--push"], { reject: false });
  expect(ended).toMatchObject({ exitCode: 1, stdout: "" });
  expect(ended.stderr).toMatch(/'--push'.*\nUsage: npm run image/s);
});
