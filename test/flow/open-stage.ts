// The stage that the tests of the flow play on: a lab that says nothing, and a narrator who is mute.
import type { Narrator } from "../demo/narrator.ts";
import type { Stage } from "../demo/stage.ts";
import { type LabOptions, startLab } from "../lab/lab.ts";

const narrator: Narrator = { chapter: () => {}, says: () => {}, shows: () => {}, seconds: () => 0 };

/** Starts a lab with everything, small images, and whatever `options` change. To be closed. */
export async function openStage(options: Partial<LabOptions> = {}): Promise<Stage> {
  const { signal } = new AbortController();
  const all = { controller: true, nodes: true, machineSets: true, imageMiB: 1, say: console.error };
  return { lab: await startLab({ ...all, ...options }, signal), narrator, signal };
}
