// The peer's bad lines: what the servers and the lines between did to its transfers.
import { badLines, diskBytes } from "./bad-line.ts";
import { suffer } from "./bad-line-run.ts";
import type { CrashRoom } from "./crash-room.ts";
import { difference } from "./difference.ts";
import { complaints, type PeerFault } from "./peer-fault.ts";
import * as peer from "./peer-room.ts";

const noRetry = "mco-tmp VM and lease left over; a failed sync is not retried";

export const lines: PeerFault[] = [
  {
    name: "wrong sha256",
    peer: "downloads it three times, then nothing until the ConfigMap is mended",
    ours: "ChecksumMismatch, nothing left in vCenter, and the mended ConfigMap is taken at once",
    suffer: sufferedAs("the image has another hash"),
  },
  {
    name: "503 on the upload, at once",
    peer: noRetry,
    ours: "the lease is aborted, the VM removed, the upload made again",
    suffer: sufferedAs("upload answered 503"),
  },
  {
    name: "503 on the upload, in its middle",
    peer: noRetry,
    ours: "the lease is aborted, the VM removed, the upload made again",
    suffer: sufferedAs("upload answered 503 in its middle"),
  },
  {
    name: "upload's connection closed in its middle",
    peer: noRetry,
    ours: "the lease is aborted, the VM removed, the upload made again",
    suffer: sufferedAs("upload reset at 50 %"),
  },
  {
    name: "503 on /sdk",
    peer: "Degraded until something in the cluster changes",
    ours: "VCenterUnreachable, and it goes on by itself when vCenter answers",
    suffer: sufferedAs("vCenter answers 503"),
  },
  {
    name: "stalled download",
    peer: "Degraded False, no time-out, everything waits",
    ours: "resumed; then DownloadFailed within 2 minutes, nothing left in vCenter, and tried again",
    suffer: (room, nextRelease) => stalledDownload(room, nextRelease()),
    seldom: true,
  },
];

function sufferedAs(name: string): PeerFault["suffer"] {
  const line = badLines.find((one) => one.name === name);
  if (line === undefined) throw new TypeError(`there is no bad line "${name}"`);
  return async (room, nextRelease) => (await suffer(room, line, nextRelease)).wrong;
}

async function stalledDownload(room: CrashRoom, release: string): Promise<string[]> {
  const { wrong, must } = complaints();
  const held = peer.holdDownloads(room);
  await room.offer(release, { bytes: diskBytes });
  await peer.untilSaid(room, peer.zoneA, { reason: "DownloadFailed", within: 120_000 });
  const left = await peer.leftoversIn(room);
  must(left.length === 0, `${left.join(", ")} was left over`);
  must(held.count() > 1, "the download was not resumed");
  held.letGo();
  await room.settled(release, 120_000);
  return [...wrong, ...(await difference(room, release))];
}
