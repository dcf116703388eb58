// The bundles: every program as the image ships it, one file each, our license, and the notices of the packages that are in them.
import { chmod, copyFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleProgram } from "./bundle-program.ts";
import { noticesOf } from "./notices.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

const command = "kubectl-bootwarden";
const programs = [
  { source: "agent/main.ts", bundle: "agent.cjs" },
  { source: "controller/main.ts", bundle: "controller.mjs" },
  { source: "controller/uninstall.ts", bundle: "uninstall.mjs" },
  { source: "cli/main.ts", bundle: command },
];

/** Fills `directory` with them, in place of what it held. Everybody may read them: in a cluster they run as whatever user it gives them. The command line is a command. */
export async function writeBundles(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const modules: string[] = [];
  for (const { source, bundle } of programs) {
    modules.push(...(await bundleProgram(join(root, source), join(directory, bundle))));
  }
  await writeFile(join(directory, "notices.txt"), await noticesOf(modules));
  await copyFile(join(root, "LICENSE"), join(directory, "LICENSE"));
  await chmod(directory, 0o755);
  for (const name of await readdir(directory)) await chmod(join(directory, name), name === command ? 0o755 : 0o644);
}
