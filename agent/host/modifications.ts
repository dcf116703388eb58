// The modifications: how a deployment in rpm-ostree's JSON differs from the pure image, counted by kind.

import type { Modifications } from "../../common/report.ts";
import { z } from "../../common/schema.ts";

const list = z.nullish(z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]));

/**
 * The keys without `requested-` are what the deployment holds, those with it what was asked for: that may be inactive, because the image
 * has the package already. Old versions write only the second kind.
 */
export const modificationKeys = {
  packages: list,
  "requested-packages": list,
  modules: list,
  "requested-modules": list,
  "requested-local-packages": list,
  "requested-local-fileoverride-packages": list,
  "base-removals": list,
  "requested-base-removals": list,
  "base-local-replacements": list,
  "requested-base-local-replacements": list,
  "base-remote-replacements": list,
  "requested-base-remote-replacements": list,
  "regenerate-initramfs": z.nullish(z.boolean()),
  "initramfs-etc": list,
};
type Raw = z.infer<z.ZodMiniObject<typeof modificationKeys>>;

export function modificationsOf(raw: Raw): Modifications {
  return {
    layered: count(raw.packages ?? raw["requested-packages"]) + count(raw.modules ?? raw["requested-modules"]),
    local: count(raw["requested-local-packages"]) + count(raw["requested-local-fileoverride-packages"]),
    removed: count(raw["base-removals"] ?? raw["requested-base-removals"]),
    replaced:
      count(raw["base-local-replacements"] ?? raw["requested-base-local-replacements"]) +
      countInside(raw["base-remote-replacements"] ?? raw["requested-base-remote-replacements"]),
    initramfs: raw["regenerate-initramfs"] === true || count(raw["initramfs-etc"]) > 0,
  };
}

function count(some: z.infer<typeof list>): number {
  return some ? Object.keys(some).length : 0;
}

/** Replacements from repositories are grouped: `{"repo=x": [pair, …]}` of what is held, `[["repo=x", [name, …]], …]` of what was asked for. */
function countInside(groups: z.infer<typeof list>): number {
  const sizes = Object.values(groups ?? {}).map((group) => {
    const members: unknown = Array.isArray(groups) && Array.isArray(group) ? group[1] : group;
    return Array.isArray(members) ? members.length : 1;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}
