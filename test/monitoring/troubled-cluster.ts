// The troubled cluster: the story of the demo up to the scale-up, and then one of everything that monitoring should show.
import { judgedNodes, policyTemplates } from "../demo/stage.ts";
import { story } from "../demo/story.ts";
import { osDigest, osImage } from "../lab/releases.ts";
import { until } from "../lab/until.ts";
import { bootImages } from "../lab/vsphere-objects.ts";
import type { MonitoringStage } from "./stage.ts";

/** Three nodes: one runs another image, one waits for a reboot with packages layered, one cannot be inspected; and an image that is not what it should be. */
export async function troubleCluster(stage: MonitoringStage): Promise<void> {
  for (const { play } of story.slice(0, 3)) await play(stage);
  const [wrong, waiting, deaf] = stage.room.nodes.values();
  if (wrong === undefined || waiting === undefined || deaf === undefined)
    throw new TypeError("the story has three nodes");
  const another = osImage(osDigest("another"));
  await wrong.bootImage(another, "9.9.20261201-0");
  await waiting.layer(["usbguard"]);
  await waiting.stage(another, "9.9.20261201-0");
  await deaf.fail("dbus-denied");
  await spoiltRelease(stage);
  const wanted = new Map([
    [wrong.name, "OSImageMismatch"],
    [waiting.name, "StagedForReboot"],
    [deaf.name, "AgentError/DBusDenied"],
  ]);
  await until({ signal: stage.signal, what: "the verdicts on the three", within: 60_000 }, async () => {
    const nodes = await judgedNodes(stage);
    return [...wanted].every(([name, reason]) => nodes.some((node) => node.name === name && node.reason === reason));
  });
}

async function spoiltRelease(stage: MonitoringStage): Promise<void> {
  const { mirror, api } = stage.lab;
  const release = "9.8.20261230-0";
  const { url } = mirror.publish({ release, diskBytes: 2 ** 20 });
  await api.apply(bootImages("4.20.16", { release, url, sha256: "0".repeat(64) }));
  await until({ signal: stage.signal, what: "its import", within: 60_000 }, async () =>
    (await policyTemplates(stage)).some(({ path }) => path.includes(release)),
  );
}
