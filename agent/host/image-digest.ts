// The digest of an image: the word of who imported it, else what its reference is pinned to.
import type { Deployment } from "../../common/report.ts";

/**
 * `said` is what the host's tool says of the manifest, the most trusted first. The reference comes last: it is what upgrades follow, and
 * may name an index of several architectures, or another image than the one that was installed.
 */
export function digestOf(
  said: (string | null | undefined)[],
  image: string | null,
): Pick<Deployment, "digest" | "digestSource"> {
  const manifest = said.find((text) => text && /^sha256:[0-9a-f]{64}$/.test(text));
  if (manifest) return { digest: manifest, digestSource: "manifest" };
  // It was told, in a form that is not ours: it may be another than the reference's.
  if (said.some((text) => text)) return { digest: null, digestSource: null };
  const digest = pinnedDigest(image);
  return { digest, digestSource: digest === null ? null : "reference" };
}

/** The `sha256:…` at the end of a reference. */
export function pinnedDigest(image: string | null): string | null {
  return /@(sha256:[0-9a-f]{64})$/.exec(image ?? "")?.[1] ?? null;
}
