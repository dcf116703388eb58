// The image build: the Dockerfile of the project, built by podman, docker or buildah.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import packageFile from "../package.json" with { type: "json" };

/** A container engine: its program, and flags of ours before each of its commands. */
export interface Engine {
  program: "podman" | "docker" | "buildah";
  flags: string[];
}

export interface ImageBuild {
  /** The directory that holds dist/. */
  context: string;
  /** Left out: the one that the Dockerfile names. */
  base?: string | undefined;
  tag: string;
  /** The address of the source; left out: none. */
  source?: string | undefined;
  /** Where what the engine says goes; left out: to the terminal. */
  logFile?: string;
}

const root = fileURLToPath(new URL("..", import.meta.url));

/** Bytes of what the image adds to its base. */
const layerLimit = 15_000_000;

/** The first engine that works here; an error that says of each why not. */
export async function findEngine(): Promise<Engine> {
  const reasons: string[] = [];
  for (const program of ["podman", "docker", "buildah"] as const) {
    const { failed, code, stderr } = await execa(program, ["version"], { reject: false, timeout: 30_000 });
    if (!failed) return { program, flags: [] };
    reasons.push(`${program} ${code === "ENOENT" ? "is not installed" : `says "${stderr.trim().split("\n").at(-1)}"`}`);
  }
  throw new Error(`No container engine works here: ${reasons.join(", ")}. Install one of them.`);
}

/** Builds and tags the image; resolves with the bytes that it adds to its base. */
export async function buildImage({ program, flags }: Engine, build: ImageBuild): Promise<number> {
  const { context, tag, logFile } = build;
  const bytes = await sizeOf(join(context, "dist"));
  if (bytes > layerLimit) throw new Error(`dist holds ${bytes} bytes, which is more than ${layerLimit}.`);
  const values = await buildArguments(build);
  const { failed } = await execa(
    program,
    [
      ...flags,
      "build",
      `--file=${join(root, "Dockerfile")}`,
      `--tag=${tag}`,
      ...Object.entries(values).map(([name, value]) => `--build-arg=${name}=${value}`),
      context,
    ],
    logFile === undefined
      ? { stdout: process.stderr, stderr: "inherit", reject: false }
      : { stdout: { file: logFile }, stderr: { file: logFile }, reject: false },
  );
  if (failed) throw new Error(`${program} could not build the image: what it said stands ${logFile ?? "above"}.`);
  return bytes;
}

/** What the Dockerfile is told, of its arguments by name. */
export async function buildArguments({ base, source }: Pick<ImageBuild, "base" | "source">) {
  const [revision, created] = await Promise.all([ofCommit("%H"), ofCommit("%cI")]);
  return {
    VERSION: packageFile.version,
    REVISION: revision ?? "unknown",
    CREATED: created ?? "1970-01-01T00:00:00Z",
    ...(source === undefined ? {} : { SOURCE: source }),
    ...(base === undefined ? {} : { BASE: base }),
  };
}

/** Writes the image as an archive that every engine, containerd and skopeo take. */
export async function saveImage({ program, flags }: Engine, tag: string, archive: string): Promise<void> {
  const commandLine = {
    podman: ["save", "--format=docker-archive", `--output=${archive}`, tag],
    docker: ["save", `--output=${archive}`, tag],
    buildah: ["push", tag, `docker-archive:${archive}:${tag}`],
  };
  await execa(program, [...flags, ...commandLine[program]]);
}

async function sizeOf(directory: string): Promise<number> {
  const names = await readdir(directory);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Of the commit that is checked out, as far as there is one. */
async function ofCommit(format: string): Promise<string | undefined> {
  const { stdout, failed } = await execa("git", ["log", "-1", `--format=${format}`], { cwd: root, reject: false });
  return failed ? undefined : stdout.trim();
}
