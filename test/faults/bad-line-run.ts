// One fault of the line, suffered: what the policy says while it lasts, and what there is when it is over.
import { z } from "zod";
import { until } from "../lab/until.ts";
import { type BadLine, diskBytes } from "./bad-line.ts";
import type { CrashRoom } from "./crash-room.ts";
import { difference } from "./difference.ts";

export interface Suffered {
  /** Seconds from the fault's end (for a fault that passes: from the release's appearance) to the whole result. */
  seconds: number;
  /** Reasons that the policy gave meanwhile. */
  reasons: string[];
  wrong: string[];
}

/** Seconds from a fault's end to the whole result. */
const patience = 120;

export async function suffer(room: CrashRoom, line: BadLine, nextRelease: () => string): Promise<Suffered> {
  const wrong: string[] = [];
  const reasons = new Set<string>();
  const release = nextRelease();
  const { end } = await line.arrange(room);
  await room.offer(release, { bytes: diskBytes, wrongHash: line.wrongHash ?? false });
  let started = performance.now();
  const { ends } = line;
  if (ends !== "Recovers") {
    await until({ signal: room.signal, what: `reason ${ends.reason}`, within: 60_000 }, async () => {
      for (const reason of await degraded(room)) reasons.add(reason);
      if (reasons.has(ends.reason)) return true;
      throw new Error(`the conditions say ${[...reasons].join(", ")}`);
    }).catch((error: unknown) => wrong.push(String(error)));
    started = performance.now();
    await end();
    if (line.wrongHash === true) await room.offer(release, { bytes: diskBytes, again: true });
  }
  await room.settled(release, 120_000).catch((error: unknown) => wrong.push(String(error)));
  const seconds = (performance.now() - started) / 1000;
  if (ends === "Recovers" && !(await end())) wrong.push("the fault did not come to pass");
  if (seconds > patience) wrong.push(`it took ${seconds.toFixed(0)} s`);
  wrong.push(...(await difference(room, release)));
  return { seconds, reasons: [...reasons], wrong };
}

const Policy = z.object({
  status: z.object({
    conditions: z.array(z.object({ type: z.string(), status: z.string(), reason: z.string(), message: z.string() })),
  }),
});

async function degraded({ lab }: CrashRoom): Promise<string[]> {
  const policy = await lab.api.get("/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster");
  return Policy.parse(policy).status.conditions.flatMap(({ type, status, reason }) =>
    (type === "BootImageUpdateDegraded" && status === "True") || (type === "VCentersReachable" && status === "False")
      ? [reason]
      : [],
  );
}
