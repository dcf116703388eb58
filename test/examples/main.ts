// The command `npm run cli:examples`: prints the README's examples of `kubectl bootwarden` anew, from a lab.
import { readFile, writeFile } from "node:fs/promises";
import type { Stage } from "../demo/stage.ts";
import { startLab } from "../lab/lab.ts";
import { renewed, setScene } from "./examples.ts";

const page = new URL("../../README.md", import.meta.url);
const end = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => end.abort());

const options = { controller: true, nodes: true, machineSets: true, imageMiB: 1, say: console.error };
const lab = await startLab(options, end.signal);
const mute = { chapter: () => {}, says: () => {}, shows: () => {}, seconds: () => 0 };
const stage: Stage = { lab, narrator: mute, signal: end.signal };
try {
  await setScene(stage);
  await writeFile(page, await renewed(stage, await readFile(page, "utf8")));
} finally {
  await lab.close();
}
