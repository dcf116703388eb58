// The Markdown pages of the repository, and what they say beside tables.
import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Paths relative to the root. */
export const markdownPages: readonly string[] = globSync(["*.md", "docs/**/*.md"], { cwd: root }).sort();

/** The text without its blocks of code. */
export function proseOf(text: string): string {
  return text.replace(/^ *```.*?^ *```$/gms, "");
}

/** What stands between single code marks. */
export function codeOf(text: string): string[] {
  return [...proseOf(text).matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
}

/** The blocks of code in a language, by what stands behind the marks; without their indentation. */
export function blocksOf(text: string, language: string): string[] {
  const blocks = text.matchAll(/^( *)```([^\n]*)\n(.*?)^ *```$/gms);
  return [...blocks].flatMap(([, indent = "", name, block = ""]) =>
    name === language ? [block.replaceAll(new RegExp(`^${indent}`, "gm"), "")] : [],
  );
}

/** The anchors of its headings, as GitHub and most others make them. */
export function anchorsOf(text: string): string[] {
  const headings = [...proseOf(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
  return headings.map((heading) =>
    heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
