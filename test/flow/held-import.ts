// The held import: a release of which only the first half comes from the mirror until a test lets the rest pass.
import { policyTemplates, type Stage } from "../demo/stage.ts";
import { until } from "../lab/until.ts";
import { bootImages } from "../lab/vsphere-objects.ts";

/** Names the release as the cluster's, with an image of its own; `open` lets the second half of its downloads pass. */
export async function release(
  { lab }: Stage,
  name: string,
  serving: { held?: boolean; rate?: number; diskBytes?: number } = {},
): Promise<{ open: () => void }> {
  const { held = false, diskBytes = 8_000_000, ...rest } = serving;
  const gate = Promise.withResolvers<void>();
  const hold = held ? { hold: gate.promise } : {};
  const image = lab.mirror.publish({ release: name, diskBytes, ...rest, ...hold });
  await lab.api.apply(bootImages("4.20.15", { release: name, ...image }));
  return { open: gate.resolve };
}

/** Waits until the policy's status shows an import of the release that has received something in each of the vCenters. */
export async function importing(stage: Stage, name: string, servers = ["127.0.0.1"]): Promise<void> {
  await until({ signal: stage.signal, what: `imports at ${servers.join(" and ")}` }, async () => {
    const running = (await policyTemplates(stage)).filter(
      ({ state, path, bytesDone }) => state === "Importing" && path.endsWith(name) && (bytesDone ?? 0) > 0,
    );
    return servers.every((server) => running.some((one) => one.server === server));
  });
}
