// The base with one component, as a site composes it.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { type Manifest, manifestsDirectory, manifestsOf } from "./built.ts";

/** Writes its kustomization into the new directory `directory`. */
export async function compose(component: string, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const from = (part: string) => relative(directory, join(manifestsDirectory, part));
  const kustomization = { resources: [from("base")], components: [from(`components/${component}`)] };
  await writeFile(join(directory, "kustomization.yaml"), JSON.stringify(kustomization));
}

/** Its objects. */
export async function composedManifests(component: string): Promise<Manifest[]> {
  const directory = await mkdtemp(join(tmpdir(), "bootwarden-kustomize-"));
  try {
    await compose(component, directory);
    return await manifestsOf(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}
