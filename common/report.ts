// The agent's report on one boot of one node: the schema of the annotation `agent.bootwarden.io/report`.
import { z } from "zod";

/** One ostree deployment, used by the report and by `agent parse`. Strings are null when the host does not say. */
export const Deployment = z.object({
  booted: z.boolean(),
  staged: z.boolean(),
  /** The reference exactly as rpm-ostree gives it, transport included. */
  image: z.string().nullable(),
  /** `sha256:<64 hex>`: the digest of the image's manifest. */
  digest: z.string().nullable(),
  /** Where the digest is from: rpm-ostree's own word, or the `@sha256` of the reference where it gives none. */
  digestSource: z.enum(["manifest", "reference"]).nullable(),
  version: z.string().nullable(),
  checksum: z.string().nullable(),
  baseChecksum: z.string().nullable(),
  pinned: z.boolean(),
  /** none, development, hotfix or transient. */
  unlocked: z.string(),
  liveReplaced: z.string().nullable(),
});
export type Deployment = z.infer<typeof Deployment>;

/** Changes of a deployment against the pure image, counted by kind. */
export const Modifications = z.object({
  layered: z.number().int().nonnegative(),
  local: z.number().int().nonnegative(),
  removed: z.number().int().nonnegative(),
  replaced: z.number().int().nonnegative(),
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
  booted: Deployment.nullable(),
  staged: Deployment.nullable(),
  rollback: Deployment.nullable(),
  modifications: Modifications,
  bootImage: BootImage.nullable(),
  state: z.enum(["idle", "busy"]).nullable(),
  warnings: z.array(z.string()),
  error: z.object({ reason: z.string(), message: z.string() }).nullable(),
});
export type Report = z.infer<typeof Report>;
