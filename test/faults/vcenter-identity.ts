// The identity of the lab's vCenter: its certificate and key, for a proxy that stands in its place.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Ground } from "../lab/ground.ts";

export async function vcenterIdentity({ directory }: Ground): Promise<{ certificate: string; key: string }> {
  const [certificate, key] = await Promise.all(
    ["vcenter.crt", "vcenter.key"].map((name) => readFile(join(directory, name), "utf8")),
  );
  return { certificate: certificate ?? "", key: key ?? "" };
}
