// The source text of the product: what tests search for names.
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Path, relative to the root, to the text without comment lines, of every TypeScript file of the product. */
export function sourceTexts(): Map<string, string> {
  const files = globSync("{agent,controller,common,cli}/**/*.ts", { cwd: root });
  return new Map(
    files.map((file) => [file, readFileSync(`${root}/${file}`, "utf8").replace(/^\s*(?:\/\/|\/\*\*?|\*).*$/gm, "")]),
  );
}

export function textOf(file: string): string {
  return readFileSync(`${root}/${file}`, "utf8");
}
