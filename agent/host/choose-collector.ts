// The choice of the collector: by which program of the host its status is got.
import { access } from "node:fs/promises";
import { join } from "node:path";
import { bootc } from "./bootc.ts";
import { rpmOstree } from "./rpm-ostree.ts";
import type { Collector } from "./status.ts";

export const collectorSettings = ["auto", "rpm-ostree", "bootc"] as const;

/**
 * `auto` takes rpm-ostree wherever it can tell: it also knows packages and overrides of the host, and answers without write access.
 * A host has another program only after a reboot, so one choice per start of the agent is enough.
 */
export async function chooseCollector(setting: (typeof collectorSettings)[number], root: string): Promise<Collector> {
  const [ostreeBooted, hasRpmOstree, hasBootc] = await Promise.all(
    ["run/ostree-booted", "usr/bin/rpm-ostree", "usr/bin/bootc"].map((path) => exists(join(root, path))),
  );
  const isBootc = setting === "auto" ? hasBootc && !(ostreeBooted && hasRpmOstree) : setting === "bootc";
  return isBootc ? bootc() : rpmOstree();
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
