// The benchmark of imports: bootwarden beside govc and the way by hand, and the whole controller against the speed of the links.

import { parseArgs } from "node:util";
import { median } from "./figure.ts";
import { type LimitedRun, limited } from "./limited.ts";
import { unthrottled } from "./unthrottled.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    mib: { type: "string", default: "1024" },
    pairs: { type: "string", default: "3" },
  },
});
const say = (line: string) => console.error(line);
const end = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end.abort());
const diskBytes = Number(values.mib) * 1024 * 1024;
const pairs = Number(values.pairs);
const plan = { diskBytes, signal: end.signal, say };

const free = await unthrottled({ ...plan, pairs });
const one = await rounds({ places: 1 });
const four = await rounds({ places: 4 });
const proxied = await rounds({ places: 1, proxied: true });
const all = [...one, ...four, ...proxied];

console.log(
  JSON.stringify(
    {
      ratio_govc: median(free.map(({ ours, govc }) => ours.seconds / govc.seconds)),
      ratio_by_hand: median(free.map(({ ours, byHand }) => ours.seconds / byHand.seconds)),
      cpu_s_per_gib: median(free.map(({ ours }) => (ours.cost?.cpuSeconds ?? Number.NaN) * (2 ** 30 / diskBytes))),
      rss_mb: Math.max(...free.map(({ ours }) => ours.cost?.rssMiB ?? Number.NaN), ...all.map(({ rssMiB }) => rssMiB)),
      disk_bytes: Math.max(
        ...free.map(({ ours }) => ours.cost?.diskBytes ?? Number.NaN),
        ...all.map(({ diskBytes }) => diskBytes),
      ),
      downloaded_ratio_4_places: Math.max(...four.map(({ downloaded }) => downloaded)),
      uploaded_ratio_4_places: Math.max(...four.map(({ uploaded }) => uploaded)),
      limit_ratio_1_place: median(one.map(({ seconds, limit }) => seconds / limit)),
      limit_ratio_4_places: median(four.map(({ seconds, limit }) => seconds / limit)),
      sessions_left: Math.max(...all.map(({ sessionsLeft }) => sessionsLeft)),
    },
    null,
    values.json ? undefined : 2,
  ),
);
process.exit();

async function rounds(kind: { places: number; proxied?: boolean }): Promise<LimitedRun[]> {
  const runs: LimitedRun[] = [];
  for (let round = 0; round < pairs; round++) {
    const run = await limited({ ...plan, ...kind });
    say(JSON.stringify(run));
    runs.push(run);
  }
  return runs;
}
