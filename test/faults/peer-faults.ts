// The peer's faults: all that its table has, each suffered in a room that is put right afterwards.
import { zones } from "../lab/topology.ts";
import type { CrashRoom } from "./crash-room.ts";
import { clusters } from "./peer-cluster.ts";
import type { PeerFault } from "./peer-fault.ts";
import { kills } from "./peer-kills.ts";
import { lines } from "./peer-lines.ts";
import { resume } from "./peer-room.ts";
import { writers } from "./peer-writers.ts";

export const peerFaults: PeerFault[] = [...kills, ...lines, ...writers, ...clusters];

/** Resolves with what is not as it must be; what was not reached is a complaint, too. */
export async function sufferPeerFault(
  room: CrashRoom,
  { suffer }: PeerFault,
  nextRelease: () => string,
): Promise<string[]> {
  try {
    return await suffer(room, nextRelease);
  } catch (error) {
    return [String(error)];
  } finally {
    await putRight(room);
  }
}

/** Whatever broke off, the next fault begins with servers and lines that are well, a controller that runs, and no revert that counts. */
async function putRight(room: CrashRoom): Promise<void> {
  room.watch(() => undefined);
  for (const proxy of [room.vcenter, room.api, room.mirror]) proxy.judge = () => null;
  room.mirror.cut();
  await room.lab.vcenter.control.clearFaults();
  if (!room.controller.child().running()) await room.controller.start();
  for (const zone of zones) await resume(room, zone);
}
