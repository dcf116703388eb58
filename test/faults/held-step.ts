// The held step: an import that stands still at a named point until it is let go.
import { until } from "../lab/until.ts";
import { diskBytes } from "./bad-line.ts";
import type { CrashRoom } from "./crash-room.ts";
import { callName } from "./kill-points.ts";
import * as peer from "./peer-room.ts";

/** Offers the release, and resolves when the controller stands still at the point. */
export type HeldStep = (room: CrashRoom, release: string) => Promise<Held>;

interface Held {
  letGo: () => Promise<void> | void;
}

/** In the order in which an import comes to them. */
export const heldSteps: Record<string, HeldStep> = {
  "before the login": beforeLogin,
  "during the download": duringDownload,
  "before a quarter of the upload": (room, release) => duringUpload(room, release, 0.2),
  "after three quarters of the upload": (room, release) => duringUpload(room, release, 0.8),
  "after the upload, before the mark": (room, release) => atAnswer(room, release, "vCenter HttpNfcLeaseComplete"),
  "after the mark, before the name": (room, release) => atAnswer(room, release, "vCenter MarkAsTemplate"),
  "after the name, before the first MachineSet": (room, release) => atAnswer(room, release, "vCenter Rename_Task"),
  "while the second place is cloned": (room, release) => atAnswer(room, release, "vCenter CloneVM_Task"),
  "between two MachineSets": (room, release) => atAnswer(room, release, moved),
};

const moved = /^API PATCH .*\/machinesets\//;

/** What has been done is done in vCenter or the cluster, and the controller does not know it yet. */
async function atAnswer(room: CrashRoom, release: string, point: string | RegExp): Promise<Held> {
  const gate = Promise.withResolvers<void>();
  let held = false;
  room.watch(async (call) => {
    const isPoint = typeof point === "string" ? callName(call) === point : point.test(call);
    if (held || !isPoint) return;
    held = true;
    await gate.promise;
  });
  await room.offer(release);
  await until({ signal: room.signal, what: `${point}`, within: 60_000, every: 20 }, async () => held);
  return { letGo: gate.resolve };
}

/** The controller is new, and vCenter's first answer to it is held. */
async function beforeLogin(room: CrashRoom, release: string): Promise<Held> {
  await room.controller.stop("SIGTERM");
  await room.controller.start();
  return await atAnswer(room, release, "vCenter RetrieveServiceContent");
}

async function duringDownload(room: CrashRoom, release: string): Promise<Held> {
  const held = peer.holdDownloads(room);
  await room.offer(release, { bytes: diskBytes });
  await until({ signal: room.signal, what: "a download", within: 60_000 }, async () => held.count() > 0);
  return held;
}

async function duringUpload(room: CrashRoom, release: string, part: number): Promise<Held> {
  const { control } = room.lab.vcenter;
  await control.fault({ method: "POST /nfc/", afterBytes: Math.floor(part * diskBytes), delayMs: 60_000 });
  await room.offer(release, { bytes: diskBytes });
  await until({ signal: room.signal, what: "an upload", within: 60_000 }, async () =>
    (await control.faults()).some(({ hits }) => hits > 0),
  );
  return { letGo: control.clearFaults };
}
