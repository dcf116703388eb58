// The manifest of a lease: vCenter's own account of the disk that it received.
import { z } from "zod";
import { listOf, type Reference, readAnswer } from "./answer.ts";
import { VimFault } from "./fault.ts";
import type { Session } from "./session.ts";

/** Lower-case hex, or why vCenter's account cannot be compared. */
export type Received = { sha1: string } | { unknown: string };

/** What the lease `on` received for the device `key`. Throws VimFault unless vCenter itself answers with the fault. */
export async function receivedDisk(
  session: Pick<Session, "call" | "server">,
  on: Reference,
  key: string,
): Promise<Received> {
  try {
    const { value } = await session.call("HttpNfcLeaseGetManifest", { on });
    return receivedOf(readAnswer(Manifest, value, `Manifest of the import lease at vCenter ${session.server}`), key);
  } catch (thrown) {
    if (thrown instanceof VimFault && thrown.fault !== null) return { unknown: thrown.message };
    throw thrown;
  }
}

type Manifest = z.output<typeof Manifest>;
const Manifest = listOf(
  z.object({
    key: z.string(),
    sha1: z.string().default(""),
    checksum: z.string().default(""),
    checksumType: z.string().default(""),
  }),
);

/**
 * HttpNfcLeaseManifestEntry: `checksum` by `checksumType` (sha1 or sha256) where vCenter gives them, else `sha1`, which may be
 * empty. The size is that of a download and says nothing of an upload. We compute no sha256 of the disk: it would cost a core.
 */
function receivedOf(manifest: Manifest, key: string): Received {
  const entry = manifest.find((one) => one.key === key);
  if (entry === undefined) return { unknown: `the manifest holds no device ${key}` };
  const isTyped = entry.checksum !== "" && entry.checksumType !== "";
  const [type, hash] = isTyped ? [entry.checksumType.toLowerCase(), entry.checksum] : ["sha1", entry.sha1];
  if (type !== "sha1") return { unknown: `the manifest holds a ${type.slice(0, 20)}, no sha1` };
  return /^[\da-f]{40}$/i.test(hash) ? { sha1: hash.toLowerCase() } : { unknown: "the manifest holds no sha1" };
}
