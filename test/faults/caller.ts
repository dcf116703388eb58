// The caller: which of our processes stands at the client's end of a connection over loopback.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** The name of the process that has this local port, of those given by name and pid; null: none has it. */
export function callerOf(port: number, processes: Iterable<readonly [name: string, pid: number]>): string | null {
  const sockets = new Set(inodesOf(port).map((inode) => `socket:[${inode}]`));
  for (const [name, pid] of processes) if (descriptors(pid).some((one) => sockets.has(one))) return name;
  return null;
}

/**
 * Several: connections to different servers may have one local port, whoever made them. Form: proc_net_tcp(5); the local address is the
 * second field, the inode the tenth.
 */
function inodesOf(port: number): string[] {
  const wanted = `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const lines = readFileSync("/proc/net/tcp", "utf8").split("\n");
  return lines
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([, local, ...rest]) => (local === wanted ? (rest[7] ?? []) : []));
}

function descriptors(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return namesIn(folder).flatMap((name) => {
    try {
      return [readlinkSync(`${folder}/${name}`)];
    } catch {
      return [];
    }
  });
}

/** A process that has ended has none. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
