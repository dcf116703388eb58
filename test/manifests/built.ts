// The manifests as kustomize builds them.
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { parseAllDocuments } from "yaml";
import { z } from "zod";

export const manifestsDirectory = fileURLToPath(new URL("../../manifests", import.meta.url));

export const base = `${manifestsDirectory}/base`;

const Rule = z.strictObject({
  apiGroups: z.array(z.string()),
  resources: z.array(z.string()),
  resourceNames: z.array(z.string()).default([]),
  verbs: z.array(z.string()),
});
const Manifest = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  rules: z.array(Rule).default([]),
});

export type Manifest = z.infer<typeof Manifest>;

/** Every object of a directory of manifests/: the base, or an overlay. */
export async function builtManifests(directory: "base" | `overlays/${string}` = "base"): Promise<Manifest[]> {
  return await manifestsOf(`${manifestsDirectory}/${directory}`);
}

/** Every object of a kustomization. */
export async function manifestsOf(directory: string): Promise<Manifest[]> {
  const { stdout } = await execa("kubectl", ["kustomize", directory]);
  return parseAllDocuments(stdout).map((document) => Manifest.parse(document.toJS()));
}
