// The faults: every kill point of the crash matrix, and the table of what came of it. `npm run faults` ends non-zero if one went wrong.
import { parseArgs } from "node:util";
import { type Crash, crash, rehearse } from "./crash-matrix.ts";
import { openCrashRoom } from "./crash-room.ts";
import { everyPoint } from "./kill-points.ts";
import { releases } from "./releases.ts";

const { values } = parseArgs({ options: { from: { type: "string", default: "1" }, to: { type: "string" } } });

function row({ point, killed, seconds, wrong }: Crash): string {
  const what = `${point.call} #${point.nth}`.padEnd(112);
  const well = killed ? "as undisturbed" : "as undisturbed (this run had no such call)";
  return `${what}  ${seconds.toFixed(1).padStart(5)} s  ${wrong.join("; ") || well}`;
}

const room = await openCrashRoom();
let bad = 0;
try {
  const nextRelease = releases();
  await rehearse(room, nextRelease());
  const points = everyPoint(await rehearse(room, nextRelease()));
  const wanted = points.slice(Number(values.from) - 1, values.to === undefined ? undefined : Number(values.to));
  console.log(`Killed after each of the ${wanted.length} calls of import, clone, moves and retirement:`);
  for (const point of wanted) {
    const result = await crash(room, nextRelease(), point);
    if (result.wrong.length > 0) bad += 1;
    console.log(row(result));
  }
  console.log(`${wanted.length - bad} of ${wanted.length} kill points ended as an undisturbed run.`);
} finally {
  await room.close();
}
process.exit(bad === 0 ? 0 : 1);
