// The bundle of a program: one file with everything that it needs but Node.
import { build } from "rolldown";

/** Writes `input` (a .ts file) with all its packages to `file`. */
export async function bundleProgram(input: string, file: string): Promise<void> {
  await build({
    input,
    platform: "node",
    logLevel: "warn",
    // It does not say of itself that its modules only define things; with all of them a program takes 10 MB more.
    treeshake: { moduleSideEffects: (id) => !id.includes("@kubernetes/client-node") },
    output: { file, format: "esm", codeSplitting: false, minify: true },
  });
}
