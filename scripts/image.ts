// The image command: `npm run image` bundles the programs and builds the Dockerfile with podman, docker or buildah, whichever works.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeBundles } from "./bundles.ts";
import { buildImage, findEngine, saveImage } from "./image-build.ts";

const usage = "npm run image -- [--base IMAGE] [--tag NAME] [--source URL] [--archive FILE]";
const root = fileURLToPath(new URL("..", import.meta.url));

function readOptions() {
  try {
    const string = { type: "string" } as const;
    const { values } = parseArgs({ options: { base: string, tag: string, source: string, archive: string } });
    return { tag: "bootwarden:latest", ...values };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\nUsage: ${usage}`);
  }
}

try {
  const { base, tag, source, archive } = readOptions();
  const engine = await findEngine();
  await writeBundles(`${root}dist`);
  const bytes = await buildImage(engine, { context: root, base, tag, source });
  if (archive !== undefined) await saveImage(engine, tag, archive);
  console.log(`${tag}: ${(bytes / 1e6).toFixed(1)} MB of ours, built with ${engine.program}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
