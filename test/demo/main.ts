// The demo: bootwarden's main job on real servers, told to a person; exits non-zero at the first step that does not come true.
import { binaries } from "../lab/binaries.ts";
import { startLab } from "../lab/lab.ts";
import { LabError } from "../lab/lab-error.ts";
import { checkPrerequisites } from "../lab/prerequisites.ts";
import { createNarrator } from "./narrator.ts";
import { ChapterError, perform } from "./performance.ts";
import { story } from "./story.ts";

const end = new AbortController();
// Not `once`: execa would take a signal that nobody listens for any more as leave to kill this process.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end.abort());

/** Sizes of an RHCOS image take a minute on a real network; this shows its progress in seconds. */
const imageMiB = 512;

async function demo(signal: AbortSignal): Promise<void> {
  const say = (line: string) => console.error(line);
  await checkPrerequisites();
  await binaries(signal, say);
  const narrator = createNarrator();
  const lab = await startLab({ controller: true, nodes: true, machineSets: true, imageMiB, say }, signal);
  try {
    narrator.says(
      "lab",
      "runs etcd, kube-apiserver, OpenShift's Machine API controllers, a vCenter simulator, a mirror",
    );
    await perform(story, { lab, narrator, signal }, narrator.chapter);
  } finally {
    await lab.close();
  }
  console.log(`\nEverything came true in ${narrator.seconds().toFixed(0)} s.`);
}

try {
  await demo(end.signal);
} catch (error) {
  const known = error instanceof ChapterError || error instanceof LabError;
  console.error(end.signal.aborted ? "Interrupted." : known ? `\n${error.message}` : error);
  process.exitCode = 1;
}
