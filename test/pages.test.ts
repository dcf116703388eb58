// The pages: what they name of the repository is there.
import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { codeOf, markdownPages } from "./markdown-pages.ts";
import { textOf } from "./source-text.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const packageFile: { version: string; scripts: Record<string, string> } = JSON.parse(textOf("package.json"));

const folder = /^(?:agent|cli|common|controller|docs|manifests|scripts|test)\/[\w./*{},-]*$/;

describe.each(markdownPages)("%s", (page) => {
  const text = textOf(page);

  test("names files that are there", () => {
    const named = codeOf(text).filter((code) => folder.test(code));
    expect(named.filter((pattern) => globSync(pattern, { cwd: root }).length === 0)).toEqual([]);
  });

  test("names scripts of npm that are there", () => {
    const named = [...text.matchAll(/\bnpm run (?:-s )?([\w:-]+)/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !(name in packageFile.scripts))).toEqual([]);
  });
});

test("the changelog begins with the version that is being made", () => {
  expect(/^## (\S+) - /m.exec(textOf("CHANGELOG.md"))?.[1]).toBe(packageFile.version);
});

test("the programs say the version of the package", () => {
  const versions = ["agent", "controller"].map(
    (name) => /^const version = "(.*)";$/m.exec(textOf(`${name}/main.ts`))?.[1],
  );
  expect(versions).toEqual([packageFile.version, packageFile.version]);
});
