// The flaw of a stream: bytes that come too late, too slowly, or not at all.
import { setTimeout as sleep } from "node:timers/promises";

export type Fault =
  /** Instead of the answer; where bytes are named, after so many of the request. */
  | { kind: "status"; status: number; after?: number }
  /** After so many bytes of the request or the answer: the connection is reset, ends (half closed), or stands still. */
  | { kind: "reset"; side: Side; after: number }
  | { kind: "end"; side: Side; after: number }
  | { kind: "stall"; side: Side; after: number; milliseconds: number }
  | { kind: "slow"; side: Side; bytesPerSecond: number };

type Side = "request" | "answer";

interface Line {
  side: Side;
  /** Cuts the connections on both sides. */
  cut: () => void;
  /** Says to the client that nothing more will come, and hears it still. */
  halfClose: () => void;
  /** Answers the request with a status before it is over. */
  refuse: (status: number) => void;
}

/** The same bytes, with the fault if it is one of this side. */
export async function* flawed(
  source: AsyncIterable<Buffer> | Iterable<Buffer>,
  fault: Fault | null,
  { side, cut, halfClose, refuse }: Line,
): AsyncGenerator<Buffer> {
  if (fault === null || sideOf(fault) !== side) return yield* source;
  let passed = 0;
  let stalled = false;
  for await (const chunk of source) {
    if (fault.kind === "slow") {
      yield* slowly(chunk, fault.bytesPerSecond);
      continue;
    }
    const after = fault.after ?? 0;
    const left = after - passed;
    passed += chunk.length;
    if (passed < after || stalled) {
      yield chunk;
      continue;
    }
    yield chunk.subarray(0, left);
    if (fault.kind === "reset") return cut();
    if (fault.kind === "end") return halfClose();
    if (fault.kind === "status") return refuse(fault.status);
    await sleep(fault.milliseconds);
    stalled = true;
    yield chunk.subarray(left);
  }
}

function sideOf(fault: Fault): Side {
  return fault.kind === "status" ? "request" : fault.side;
}

const tick = 50;

async function* slowly(chunk: Buffer, bytesPerSecond: number): AsyncGenerator<Buffer> {
  const size = Math.max(1, Math.floor((bytesPerSecond * tick) / 1000));
  for (let at = 0; at < chunk.length; at += size) {
    yield chunk.subarray(at, at + size);
    await sleep(tick);
  }
}
