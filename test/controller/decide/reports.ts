// The report of the fixtures' node as it should be, to be altered by a test.
import { z } from "zod";
import type { Deployment, Report } from "../../../common/report.ts";
import { fixture, nodeFacts } from "./facts.ts";

export const rendered = fixture(
  "machineconfig-rendered-worker",
  z.object({ metadata: z.object({ name: z.string() }), spec: z.object({ osImageURL: z.string() }) }),
);
/** The digest that the node's pool asks for. */
export const expected = digestIn(rendered.spec.osImageURL);
export const release = "9.6.20261028-0";

export function digestIn(pullSpec: string): string {
  return pullSpec.slice(pullSpec.indexOf("@") + 1);
}

export function deployment(over: Partial<Deployment> = {}): Deployment {
  const image = `ostree-unverified-registry:${rendered.spec.osImageURL}`;
  const hashes = { digest: expected, digestSource: "manifest" as const, checksum: "c", baseChecksum: null };
  const state = { booted: true, staged: false, pinned: false, unlocked: "none", liveReplaced: null };
  return { image, version: release, ...hashes, ...state, ...over };
}

export function report(over: Partial<Report> = {}): Report {
  return {
    v: 1,
    bootID: nodeFacts("node-worker").bootID,
    collector: "rpm-ostree",
    booted: deployment(),
    staged: null,
    rollback: null,
    modifications: { layered: 0, local: 0, removed: 0, replaced: 0, initramfs: false },
    bootImage: { release, source: "/sysroot/.coreos-aleph-version.json" },
    state: "idle",
    warnings: [],
    error: null,
    ...over,
  };
}
