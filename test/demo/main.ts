// The demo: bootwarden's main job on real servers, told to a person; exits non-zero at the first step that does not come true.
import { startLab } from "../lab/lab.ts";
import { LabError } from "../lab/lab-error.ts";
import { checkPrerequisites } from "../lab/prerequisites.ts";
import { createNarrator } from "./narrator.ts";
import { story } from "./story.ts";

const end = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end.abort());

const narrator = createNarrator();
let step = "0. The lab";
try {
  await checkPrerequisites();
  const say = (line: string) => console.error(line);
  const lab = await startLab({ controller: true, nodes: true, machineSets: true, imageMiB: 512, say }, end.signal);
  narrator.says("lab", "runs kube-apiserver, etcd, the Machine API's controllers, a vCenter simulator, a mirror");
  try {
    for (const [index, { title, play }] of story.entries()) {
      step = `${index + 1}. ${title}`;
      narrator.chapter(index + 1, title);
      await play({ lab, narrator, signal: end.signal });
    }
  } finally {
    await lab.close();
  }
  console.log(`\nEverything came true in ${narrator.seconds().toFixed(0)} s.`);
} catch (error) {
  const what = error instanceof Error ? error.message : String(error);
  console.error(end.signal.aborted ? "Interrupted." : `\nStep "${step}" did not come true: ${what}`);
  if (!end.signal.aborted && !(error instanceof LabError)) console.error(error);
  process.exitCode = 1;
}
