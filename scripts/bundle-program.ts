// The bundle of a program: one file with everything that it needs but Node.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { build } from "rolldown";

/**
 * Writes `input` (a .ts file) with all its packages to `file`: a CommonJS module if that ends in .cjs, else an ES module; one that has no
 * extension is a command of its own, and begins with the line by which a system starts it.
 * Resolves with the paths of all files of which something is in it.
 */
export async function bundleProgram(input: string, file: string): Promise<string[]> {
  const { output } = await build({
    input,
    platform: "node",
    logLevel: "warn",
    write: false,
    // It does not say of itself that its modules only define things; with all of them a program takes 10 MB more.
    // A rule, not a function: that would overrule what all other packages say of theirs.
    treeshake: { moduleSideEffects: [{ test: /@kubernetes\/client-node/, sideEffects: false }] },
    output: { format: extname(file) === ".cjs" ? "cjs" : "esm", codeSplitting: false, minify: true },
  });
  await mkdir(dirname(file), { recursive: true });
  const start = extname(file) === "" ? "#!/usr/bin/env node\n" : "";
  await writeFile(file, start + inAscii(output[0].code));
  return Object.entries(output[0].modules).flatMap(([id, { code }]) => (code ? [id] : []));
}

/** V8 keeps the text of a program; a single character beyond Latin-1 makes that text twice as large. */
function inAscii(code: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them.
  return code.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
