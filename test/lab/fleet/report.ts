// The report of a fleet's node, as its agent would write it.
import { agentAnnotations } from "../../../common/annotations.ts";
import type { Report } from "../../../common/report.ts";
import { deploymentOf } from "../ostree-status.ts";
import { osDigest, osImage, releaseA, releaseB } from "../releases.ts";
import type { Member } from "./member.ts";

/** The report of a node that runs what its pool asks for; `staged`: another image waits for the reboot. */
export function fleetReport({ bootID }: Pick<Member, "bootID">, staged: string | null = null): Report {
  const deployment = (release: string, over: { booted: boolean; staged: boolean }) => {
    const { digest, reference, version, checksum } = deploymentOf(osImage(osDigest(release)), release);
    const state = { pinned: false, unlocked: "none", liveReplaced: null, baseChecksum: null };
    return { ...over, image: reference, digest, digestSource: "manifest" as const, version, checksum, ...state };
  };
  const next = staged === null ? null : { ...deployment(releaseA, { booted: false, staged: true }), digest: staged };
  return {
    v: 1,
    bootID,
    collector: "rpm-ostree",
    booted: deployment(releaseB, { booted: true, staged: false }),
    staged: next,
    rollback: deployment(releaseA, { booted: false, staged: false }),
    modifications: { layered: 0, local: 0, removed: 0, replaced: 0, initramfs: false },
    bootImage: { release: releaseA, source: "/sysroot/.coreos-aleph-version.json" },
    state: "idle",
    warnings: [],
    error: null,
  };
}

/** The report of a node that booted an image that nobody asked for. */
export function strayReport(member: Pick<Member, "bootID">): Report {
  const good = fleetReport(member);
  const digest = `sha256:${"6".repeat(64)}`;
  const image = `ostree-unverified-registry:${osImage(digest)}`;
  return { ...good, booted: good.booted && { ...good.booted, digest, image } };
}

/** What the agent writes. */
export function reportAnnotations(report: Report): Record<string, string | null> {
  return {
    [agentAnnotations.report]: JSON.stringify(report),
    [agentAnnotations.bootedDigest]: report.booted?.digest ?? null,
    [agentAnnotations.bootedImage]: report.booted?.image ?? null,
    [agentAnnotations.bootedVersion]: report.booted?.version ?? null,
    [agentAnnotations.stagedDigest]: report.staged?.digest ?? null,
    [agentAnnotations.bootImage]: report.bootImage?.release ?? null,
  };
}
