// The difference between what a run left and what an undisturbed one leaves.
import { machineSetTemplates } from "../demo/stage.ts";
import { type CrashRoom, namesInFolder, templateNames } from "./crash-room.ts";
import { portraits } from "./foreign.ts";

/** In MachineSets and in the folder; empty: all is well. */
export async function difference(room: CrashRoom, release: string): Promise<string[]> {
  const wanted = templateNames(release);
  const named = [...(await machineSetTemplates(room)).values()].toSorted();
  const [there, expected] = [await namesInFolder(room.lab), room.expected()];
  const foreign = await portraits(room.lab.vcenter);
  return [
    ...[...room.foreign].flatMap(([name, before]) =>
      foreign.get(name) === before ? [] : [`foreign ${name} was touched: ${foreign.get(name)}, before: ${before}`],
    ),
    ...(named.join() === wanted.join() ? [] : [`the MachineSets name ${named.join(", ")}`]),
    ...expected.filter((name) => !there.includes(name)).map((name) => `${name} is missing`),
    ...there.filter((name) => !expected.includes(name)).map((name) => `${name} was left over`),
  ];
}
