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

/** Those within the repository. */
function linksOf(page: string): string[] {
  const links = [...proseOf(textOf(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  return links.filter((link) => !/^[a-z]+:/.test(link));
}

test.each(markdownPages)("%s", (page) => {
  expect(linksOf(page).filter((link) => !leadsSomewhere(page, link))).toEqual([]);
});

test("docs/README.md leads to every page", () => {
  const index = linksOf("docs/README.md").map((link) => `docs/${link}`);
  const pages = markdownPages.filter((page) => /^docs\/[^/]+$/.test(page) && page !== "docs/README.md");
  expect([...new Set(index)].filter((page) => pages.includes(page)).sort()).toEqual(pages);
});
