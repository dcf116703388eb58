// The bundle of a program: one file with everything that it needs but Node.
import { build } from "rolldown";

/** Writes `input` (a .ts file) with all its packages to `file`. */
export async function bundleProgram(input: string, file: string): Promise<void> {
  await build({
    input,
    platform: "node",
    logLevel: "warn",
    output: { file, format: "esm", codeSplitting: false, minify: true },
  });
}
