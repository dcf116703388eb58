// The ground a lab stands on: its directory, its CA, its binaries and its end.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Agent } from "undici";
import { type Authority, createAuthority } from "./certificates.ts";
import { scratchRoot } from "./settings.ts";

export interface Ground {
  directory: string;
  logs: string;
  /** The directory with the built servers. */
  binaries: string;
  authority: Authority;
  /** Path of the CA's certificate. */
  caFile: string;
  /** An HTTP client that trusts the lab's CA. */
  dispatcher: Agent;
  signal: AbortSignal;
  clear: () => Promise<void>;
}

/** Makes the ground of one lab in a new directory, which `clear` removes. Its servers listen on `address`. */
export async function layGround(binaries: string, signal: AbortSignal, address = "127.0.0.1"): Promise<Ground> {
  const directory = await mkdtemp(join(scratchRoot(), "bootwarden-lab-"));
  const logs = join(directory, "logs");
  await mkdir(logs);
  const authority = await createAuthority("bootwarden lab", address);
  const caFile = join(directory, "ca.crt");
  await writeFile(caFile, authority.certificate);
  const dispatcher = new Agent({ connect: { ca: authority.certificate } });
  const clear = async () => {
    await dispatcher.destroy();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  return { directory, logs, binaries, authority, caFile, dispatcher, signal, clear };
}
