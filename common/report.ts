// The agent's report on one boot of one node: the schema of the annotation `agent.bootwarden.io/report`.
import { z } from "./schema.ts";

/** One ostree deployment, used by the report and by `agent parse`. Strings are null when the host does not say. */
export const Deployment = z.object({
  booted: z.boolean(),
  staged: z.boolean(),
  /** The reference exactly as rpm-ostree gives it, transport included. */
  image: z.nullable(z.string()),
  /** `sha256:<64 hex>`: the digest of the image's manifest. */
  digest: z.nullable(z.string()),
  /** Where the digest is from: rpm-ostree's own word, or the `@sha256` of the reference where it gives none. */
  digestSource: z.nullable(z.enum(["manifest", "reference"])),
  version: z.nullable(z.string()),
  checksum: z.nullable(z.string()),
  baseChecksum: z.nullable(z.string()),
  pinned: z.boolean(),
  /** none, development, hotfix or transient. */
  unlocked: z.string(),
  liveReplaced: z.nullable(z.string()),
});
export type Deployment = z.infer<typeof Deployment>;

const count = z.int().check(z.nonnegative());

/** Changes of a deployment against the pure image, counted by kind. */
export const Modifications = z.object({
  layered: count,
  local: count,
  removed: count,
  replaced: count,
  initramfs: z.boolean(),
});
export type Modifications = z.infer<typeof Modifications>;

/** What the disk was first flashed with: `release` from the aleph file `source` (a path on the host). */
export const BootImage = z.object({ release: z.string(), source: z.string() });
export type BootImage = z.infer<typeof BootImage>;

/** Version 1 of the report. It holds no time: whether it is of this boot is told by the kernel's boot id. */
export const Report = z.object({
  v: z.literal(1),
  bootID: z.string(),
  collector: z.enum(["rpm-ostree", "bootc"]),
  booted: z.nullable(Deployment),
  staged: z.nullable(Deployment),
  rollback: z.nullable(Deployment),
  modifications: Modifications,
  bootImage: z.nullable(BootImage),
  state: z.nullable(z.enum(["idle", "busy"])),
  warnings: z.array(z.string()),
  error: z.nullable(z.object({ reason: z.string(), message: z.string() })),
});
export type Report = z.infer<typeof Report>;
