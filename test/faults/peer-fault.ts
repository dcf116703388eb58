// The peer's fault: one that OpenShift's own boot image controller was run against in a lab like this one, what became of it, and what must become of ours.
import type { CrashRoom } from "./crash-room.ts";

export interface PeerFault {
  name: string;
  /** What the peer did, as it was seen. */
  peer: string;
  /** What ours must do. */
  ours: string;
  /** Brings it about; resolves with what is not as it must be. It leaves the room as it was, but for the release. */
  suffer: (room: CrashRoom, nextRelease: () => string) => Promise<string[]>;
  /** Left to `npm run faults`: it takes more than a minute. */
  seldom?: true;
}

/** Collects what is not as it must be. */
export function complaints(): { wrong: string[]; must: (holds: boolean, otherwise: string) => void } {
  const wrong: string[] = [];
  return { wrong, must: (holds, otherwise) => void (holds || wrong.push(otherwise)) };
}
