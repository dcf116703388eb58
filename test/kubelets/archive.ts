// An archive of an image, as engines save it: its configuration, and the sizes of its layers.
import { execa } from "execa";
import { z } from "zod";

const Manifest = z.tuple([z.object({ Config: z.string(), Layers: z.array(z.string()) })]);
const Config = z.object({
  config: z.object({
    User: z.string(),
    Entrypoint: z.array(z.string()),
    Labels: z.record(z.string(), z.string()),
  }),
});

/** Bytes of the layers that come after the first `base`. */
export async function addedLayers(archive: string, base: number): Promise<number[]> {
  const [{ Layers }] = await manifestOf(archive);
  const { stdout } = await execa("tar", ["--list", "--verbose", "--file", archive]);
  const sizes = new Map(stdout.split("\n").map((line) => [line.split(/\s+/).at(5), Number(line.split(/\s+/)[2])]));
  return Layers.slice(base).map((layer) => sizes.get(layer) ?? Number.NaN);
}

export async function configOf(archive: string): Promise<z.infer<typeof Config>> {
  const [{ Config: file }] = await manifestOf(archive);
  return Config.parse(JSON.parse(await read(archive, file)));
}

async function manifestOf(archive: string): Promise<z.infer<typeof Manifest>> {
  return Manifest.parse(JSON.parse(await read(archive, "manifest.json")));
}

async function read(archive: string, file: string): Promise<string> {
  return (await execa("tar", ["--extract", "--to-stdout", "--file", archive, file])).stdout;
}
