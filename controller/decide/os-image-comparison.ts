// The comparison of the booted OS image with the expected one: digests, never pull specs.
import type { Deployment } from "../../common/report.ts";
import type { Decision } from "./decision.ts";
import { digestOf, type ExpectedOSImage } from "./os-image.ts";

export interface OSImageComparison {
  reason: "DigestMatch" | "ReferenceMatch" | "OSImageMismatch" | "NoExpectation";
  /** Names both digests. */
  message: string;
}

/**
 * The manifest digest decides. Where it differs but the `@sha256` of the booted reference is the expected one (an index
 * and its manifest for one architecture have different digests), or where rpm-ostree gives no manifest digest, the
 * reference passes as the weaker ReferenceMatch: it is where updates come from, not the content.
 */
export function compareOSImage(booted: Deployment | null, expected: Decision<ExpectedOSImage>): OSImageComparison {
  const digest = booted?.digest ?? "";
  const observed = `booted ${isDigest(digest) ? digest : "an image without digest"}${altered(booted)}`;
  if (!expected.ok) return { reason: "NoExpectation", message: `${expected.message} ${observed}` };
  const { digest: wanted, source } = expected.value;
  const message = `expected ${wanted} of ${source}, ${observed}`;
  if (digest === wanted && booted?.digestSource === "manifest") return { reason: "DigestMatch", message };
  if (digest === wanted || digestOf(booted?.image ?? "") === wanted)
    return { reason: "ReferenceMatch", message: `${message}, its reference is the expected one` };
  return { reason: "OSImageMismatch", message };
}

/** Whether the text is a sha256 digest in full. */
export function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

/** A booted /usr that was unlocked or changed live is not what the digest says. */
function altered(booted: Deployment | null): string {
  if (booted === null) return "";
  if (booted.liveReplaced !== null) return " (changed live since)";
  return ["none", ""].includes(booted.unlocked) ? "" : ` (unlocked: ${booted.unlocked.slice(0, 20)})`;
}
