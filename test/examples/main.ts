// The command `npm run cli:examples`: prints the examples of `kubectl bootwarden` in README and docs/cli.md anew, from a lab.
import { readFile, writeFile } from "node:fs/promises";
import type { Stage } from "../demo/stage.ts";
import { startLab } from "../lab/lab.ts";
import { examplePages, renewed, setScene } from "./examples.ts";

const pages = examplePages.map((page) => new URL(`../../${page}`, import.meta.url));
const end = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => end.abort());

const options = { controller: true, nodes: true, machineSets: true, imageMiB: 1, say: console.error };
const lab = await startLab(options, end.signal);
const mute = { chapter: () => {}, says: () => {}, shows: () => {}, seconds: () => 0 };
const stage: Stage = { lab, narrator: mute, signal: end.signal };
try {
  await setScene(stage);
  for (const page of pages) await writeFile(page, await renewed(stage, await readFile(page, "utf8")));
} finally {
  await lab.close();
}
