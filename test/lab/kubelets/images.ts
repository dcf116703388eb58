// The images of real nodes: bootwarden's, built from the Dockerfile of the project on a base of this machine's parts, and the pause of pods.
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { writeBundles } from "../../../scripts/bundles.ts";
import { buildImage, type Engine, saveImage } from "../../../scripts/image-build.ts";
import { writeBaseRoot } from "./base-root.ts";

/** Nobody can pull them, and `localhost` says so. */
export const imageName = "localhost/bootwarden:lab";
export const pauseName = "localhost/pause:lab";

/** Builds them below `directory`, and resolves with the paths of their archives. `binaries` holds the program of pause. */
export async function buildImages(directory: string, binaries: string): Promise<string[]> {
  await mkdir(directory);
  const store = join(directory, "store");
  const flags = [`--root=${store}`, `--runroot=${join(directory, "run")}`, "--storage-driver=overlay"];
  const engine: Engine = { program: "buildah", flags };
  const base = "localhost/base:lab";
  const context = join(directory, "context");
  await writeBaseRoot(join(directory, "base"));
  await fromScratch(engine, { tag: base, context: join(directory, "base"), lines: ["USER 1001"] });
  await writeBundles(join(context, "dist"));
  await buildImage(engine, { context, base, tag: imageName, logFile: join(directory, "build.log") });
  await mkdir(join(directory, "pause"));
  await cp(join(binaries, "pause"), join(directory, "pause/pause"));
  const lines = ["USER 65535", 'ENTRYPOINT ["/pause"]'];
  await fromScratch(engine, { tag: pauseName, context: join(directory, "pause"), lines });
  const archives = { [imageName]: join(directory, "bootwarden.tar"), [pauseName]: join(directory, "pause.tar") };
  for (const [tag, archive] of Object.entries(archives)) await saveImage(engine, tag, archive);
  await rm(store, { recursive: true });
  return Object.values(archives);
}

interface Scratch {
  tag: string;
  /** The directory that becomes the image's root. */
  context: string;
  lines: string[];
}

async function fromScratch({ program, flags }: Engine, { tag, context, lines }: Scratch): Promise<void> {
  const file = `${context}.Dockerfile`;
  await writeFile(file, `${["FROM scratch", "COPY . /", ...lines].join("\n")}\n`);
  await execa(program, [...flags, "build", `--file=${file}`, `--tag=${tag}`, context]);
}
