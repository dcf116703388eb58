// The peer's deaths: killed or stopped in the middle of a transfer, and around the calls that swap its templates.
import { readdir, readFile, readlink } from "node:fs/promises";
import { kill } from "node:process";
import { machineSetTemplates } from "../demo/stage.ts";
import { folder, installedTemplate } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { diskBytes } from "./bad-line.ts";
import { crash } from "./crash-matrix.ts";
import { type CrashRoom, namesInFolder } from "./crash-room.ts";
import { difference } from "./difference.ts";
import { complaints, type PeerFault } from "./peer-fault.ts";
import * as peer from "./peer-room.ts";

export const kills: PeerFault[] = [
  {
    name: "kill -9 in mid-upload",
    peer: "a half VM, an open lease and session; whole upload again after the restart",
    ours: "the restart removes the half VM and uploads once; nothing is left over",
    suffer: (room, nextRelease) => endedInMidUpload(room, nextRelease(), "SIGKILL"),
  },
  {
    name: "SIGTERM in mid-upload",
    peer: "the same leftovers: no abort, no logout",
    ours: "the lease is aborted, the half VM removed, both sessions logged out before it ends",
    suffer: (room, nextRelease) => endedInMidUpload(room, nextRelease(), "SIGTERM"),
  },
  {
    name: "kill -9 in mid-download, three times",
    peer: "three partial files and a lock stay on disk for good",
    ours: "no byte of an image on disk, nothing in vCenter but what the restart removes",
    suffer: (room, nextRelease) => killedInMidDownload(room, nextRelease()),
  },
  {
    name: "kill -9 at the rename",
    peer: "the template's name is absent until the restart, which destroys the finished template and uploads again",
    ours: "every MachineSet names a template that is there; the restart takes up the finished one",
    suffer: (room, nextRelease) => killedAtRename(room, nextRelease()),
  },
  {
    name: "kill -9 at the rename, the MachineSet names an admin's own template",
    peer: "the admin's template is gone for good, two VMs orphaned, Degraded False",
    ours: "the admin's template stays, the MachineSet moves to ours, nothing is left over",
    suffer: (room, nextRelease) => killedBesideGolden(room, nextRelease()),
  },
  {
    name: "kill -9 before the old template is destroyed",
    peer: "the old template stays until the next update",
    ours: "the restart retires it",
    suffer: (room, nextRelease) => killedBeforeDestroy(room, nextRelease()),
  },
];

async function endedInMidUpload(room: CrashRoom, release: string, signal: "SIGKILL" | "SIGTERM"): Promise<string[]> {
  const { wrong, must } = complaints();
  // Those of controllers that were killed are vCenter's to end.
  await room.lab.vcenter.control.expireSessions();
  const held = await peer.holdUpload(room, release);
  await room.controller.stop(signal);
  if (signal === "SIGTERM") {
    const left = await peer.leftoversIn(room);
    must(left.length === 0, `${left.join(", ")} was left over at the end`);
    const sessions = await peer.openSessions(room);
    must(sessions === 0, `${sessions} sessions were left open`);
  }
  await held.letGo();
  const calls = peer.record(room);
  await room.controller.start();
  await room.settled(release);
  must(calls.count(peer.uploads) === 1, `${calls.count(peer.uploads)} uploads after the restart`);
  return [...wrong, ...(await difference(room, release))];
}

async function killedInMidDownload(room: CrashRoom, release: string): Promise<string[]> {
  const { wrong, must } = complaints();
  await room.controller.stop("SIGKILL");
  for (let time = 1; time <= 3; time += 1) {
    const held = peer.holdDownloads(room);
    await room.controller.start();
    await room.offer(release, { bytes: diskBytes, again: time > 1 });
    await until({ signal: room.signal, what: "a download in its middle", within: 60_000 }, async () => {
      const { templates } = await peer.status(room);
      const bytes = templates.find(({ path }) => path.endsWith(release))?.bytesDone ?? 0;
      return held.count() > 0 && bytes > 0;
    });
    const files = await writableFiles(room.controller.child().pid);
    must(files.length === 0, `it writes to ${files.join(", ")}`);
    await room.controller.stop("SIGKILL");
    held.letGo();
  }
  await room.controller.start();
  await room.settled(release);
  return [...wrong, ...(await difference(room, release))];
}

/** The regular files that a process holds open for writing. */
async function writableFiles(pid: number): Promise<string[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`);
  const open = descriptors.map(async (descriptor) => {
    const path = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => "");
    const flags = /^flags:\s+(\d+)$/m.exec(await readFile(`/proc/${pid}/fdinfo/${descriptor}`, "utf8").catch(() => ""));
    const isWritable = (Number.parseInt(flags?.[1] ?? "0", 8) & 3) !== 0;
    return isWritable && /^\/(?!dev\/|proc\/)/.test(path) ? [path] : [];
  });
  return (await Promise.all(open)).flat();
}

async function killedAtRename(room: CrashRoom, release: string): Promise<string[]> {
  const calls: string[] = [];
  const point = { call: "vCenter Rename_Task", nth: 1 };
  const { killed, wrong } = await crash(room, release, { ...point, onCall: (call) => calls.push(call) });
  const uploads = calls.filter((call) => peer.uploads.test(call)).length;
  return [...wrong, ...(killed ? [] : ["it was not killed"]), ...(uploads === 1 ? [] : [`${uploads} uploads`])];
}

async function killedBesideGolden(room: CrashRoom, release: string): Promise<string[]> {
  const { zoneA } = peer;
  const before = await peer.makeGolden(room, "golden-rhcos", installedTemplate(zoneA));
  await room.controller.stop("SIGKILL");
  await peer.provide(room, zoneA, { template: "golden-rhcos" });
  await room.controller.start();
  const { wrong } = await crash(room, release, { call: "vCenter Rename_Task", nth: 1 });
  const after = await peer.uuidOf(room, "golden-rhcos").catch(() => "none");
  await peer.destroy(room, "golden-rhcos");
  const others = wrong.filter((one) => one !== "golden-rhcos was left over");
  return [...others, ...(after === before ? [] : [`the admin's template has the UUID ${after}, not ${before}`])];
}

async function killedBeforeDestroy(room: CrashRoom, release: string): Promise<string[]> {
  const { wrong, must } = complaints();
  let killed = false;
  room.vcenter.judge = ({ call }) => {
    if (killed || call !== "Destroy_Task") return null;
    killed = true;
    kill(room.controller.child().pid, "SIGKILL");
    return { kind: "status", status: 503 };
  };
  await room.offer(release);
  await until({ signal: room.signal, what: "the removal of an old template", within: 60_000 }, async () => killed);
  await room.controller.child().ended;
  room.vcenter.judge = () => null;
  const there = await namesInFolder(room.lab);
  for (const [machineSet, template] of await machineSetTemplates(room))
    must(there.includes(template), `${machineSet} names ${template}, which is not in ${folder}`);
  await room.controller.start();
  await room.settled(release);
  return [...wrong, ...(await difference(room, release))];
}
