// The links of the documentation: each leads to a file that is there, and to a heading in it.
import { existsSync, statSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { anchorsOf, markdownPages, proseOf } from "./markdown-pages.ts";
import { textOf } from "./source-text.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

function leadsSomewhere(page: string, link: string): boolean {
  const [file = "", anchor] = link.split("#");
  const path = file === "" ? page : posix.join(posix.dirname(page), file);
  if (!existsSync(`${root}/${path}`)) return false;
  return anchor === undefined || (statSync(`${root}/${path}`).isFile() && anchorsOf(textOf(path)).includes(anchor));
}

test.each(markdownPages)("%s", (page) => {
  const links = [...proseOf(textOf(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  const own = links.filter((link) => !/^[a-z]+:/.test(link));
  expect(own.filter((link) => !leadsSomewhere(page, link))).toEqual([]);
});

test.each(markdownPages.filter((page) => page.startsWith("docs/")))("%s is named by another page", (page) => {
  const others = markdownPages.filter((other) => other !== page);
  const named = others.filter((other) => {
    const links = [...textOf(other).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = ""]) => link);
    return links.some((link) => posix.join(posix.dirname(other), link) === page);
  });
  expect(named).not.toEqual([]);
});
