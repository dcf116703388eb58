// The pages that are generated: `npm run docs` writes them.
import { readFile, writeFile } from "node:fs/promises";
import { configurationPage } from "./configuration-page.ts";

const root = new URL("../", import.meta.url);
const crd = await readFile(new URL("manifests/base/bootimagepolicies.crd.yaml", root), "utf8");
await writeFile(new URL("docs/configuration.md", root), configurationPage(crd));
