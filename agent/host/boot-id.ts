// The boot id: the kernel's name for this boot, the same that the kubelet writes into status.nodeInfo.bootID.
import { readHostFile } from "./file.ts";
import { HostError } from "./status.ts";

const path = "proc/sys/kernel/random/boot_id";

/** A lower-case UUID. Throws HostError (BootIDUnreadable). */
export async function readBootID(root: string): Promise<string> {
  const text = await readHostFile(root, path, 4096).catch((cause: unknown) => {
    throw new HostError("BootIDUnreadable", `/${path} of the host cannot be read: ${cause}.`, { cause });
  });
  const id = text?.trim() ?? "";
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return id;
  throw new HostError("BootIDUnreadable", `/${path} of the host ${text === null ? "is missing" : "holds no UUID"}.`);
}
