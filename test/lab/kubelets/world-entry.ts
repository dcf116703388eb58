// The entry into a world: makes sure that everything is there, as nothing can be got from within, and goes in.
import { binaries, kubeletBinaries } from "../binaries.ts";
import { LabError } from "../lab-error.ts";
import { whyNoKubelets } from "./requirements.ts";
import { runInWorld } from "./world.ts";

interface Entry {
  signal: AbortSignal;
  say: (line: string) => void;
}

/** Runs the command in a world of its own, and resolves with its exit code. Throws a LabError where no real node can run. */
export async function enterWorld(commandLine: readonly string[], { signal, say }: Entry): Promise<number> {
  const reason = await whyNoKubelets(say);
  if (reason !== undefined) throw new LabError(`No real node can run here: ${reason}.`);
  await binaries(signal, say);
  await kubeletBinaries(signal, say);
  return await runInWorld(commandLine, signal);
}
