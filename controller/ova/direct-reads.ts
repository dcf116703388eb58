// The direct reads of a connection: a body of known length goes straight from the system, or out of TLS, into the memory that it is to be in.
import type { OnReadOpts, Socket } from "node:net";

export interface DirectReads {
  /** The connection's option of that name. */
  onread: OnReadOpts;
  /** From now on what comes is not for undici any more, but for its part of what has come already. */
  into: (sink: Sink) => Flow;
}

export interface Sink {
  /** Memory for the next read. */
  room: () => Uint8Array;
  /** So many bytes of it have come; tells whether more is wanted. */
  filled: (bytes: number) => boolean;
}

/** What stops the sender, and lets it go on. */
export interface Flow {
  pause: () => void;
  resume: () => void;
}

const ownBytes = 64 << 10;

/**
 * Of one connection at a time that undici makes, and over which one answer comes. Node and undici make memory for each record of TLS
 * otherwise, which is soon garbage: that takes three times the CPU time that it takes to decrypt what is in it, and now and then a lot
 * of memory.
 */
export function directReads(): DirectReads {
  const own = Buffer.allocUnsafeSlow(ownBytes);
  const undicis: Undicis = { unread: [], isStopped: false, socket: null };
  let sink: Sink | null = null;
  let target: Uint8Array = own;
  const buffer = () => {
    target = sink === null ? own : sink.room();
    return target;
  };
  function callback(this: Socket, bytes: number): boolean {
    if (sink !== null && target !== own) return sink.filled(bytes);
    if (undicis.socket !== this) readFor(this, undicis);
    return tell(this, undicis, Buffer.from(own.subarray(0, bytes)));
  }
  return {
    onread: { buffer, callback },
    into: (given) => {
      sink = given;
      return { pause: () => undicis.socket?.pause(), resume: () => undicis.socket?.resume() };
    },
  };
}

interface Undicis {
  unread: Buffer[];
  /** Node reads no more. */
  isStopped: boolean;
  /** Known when the first bytes have come: Node calls a callback of its socket. */
  socket: Socket | null;
}

/** Whether more may come. */
function tell(socket: Socket, undicis: Undicis, part: Buffer): boolean {
  undicis.unread.push(part);
  socket.emit("readable");
  undicis.isStopped = undicis.unread.length > 0;
  return !undicis.isStopped;
}

/** A socket that reads into given memory gives nothing by itself; undici asks it nevertheless, and gives back what it will not have yet. */
function readFor(socket: Socket, undicis: Undicis): void {
  Object.assign(undicis, { unread: [], isStopped: false, socket });
  const own = socket.read.bind(socket);
  socket.read = (size?: number) => {
    // Node itself asks for nothing, to say that the stream has ended: what undici has not taken comes before that.
    if (size === 0) return undicis.unread.length > 0 ? null : own(0);
    const next = undicis.unread.shift() ?? null;
    if (next === null && undicis.isStopped) {
      undicis.isStopped = false;
      socket.resume();
    }
    return next;
  };
  socket.unshift = (part: Buffer) => {
    if (part.length > 0) undicis.unread.unshift(part);
  };
  // For a server that has spoken before it was asked, when nobody listens yet.
  setImmediate(() => socket.emit("readable"));
}
