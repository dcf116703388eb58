// Reports to test with.
import type { Deployment, Report } from "../../common/report.ts";

export function deployment(parts: Partial<Deployment> = {}): Deployment {
  return {
    booted: true,
    staged: false,
    image: null,
    digest: null,
    digestSource: null,
    version: null,
    checksum: null,
    baseChecksum: null,
    pinned: false,
    unlocked: "none",
    liveReplaced: null,
    ...parts,
  };
}

export function report(parts: Partial<Report> = {}): Report {
  return {
    v: 1,
    bootID: "0b9b6a2e-2f0d-4c39-9d2c-0a4b7f3d9e11",
    collector: "rpm-ostree",
    booted: deployment(),
    staged: null,
    rollback: null,
    modifications: { layered: 0, local: 0, removed: 0, replaced: 0, initramfs: false },
    bootImage: { release: "9.6.20261028-0", source: "/sysroot/.aleph-version.json" },
    state: "idle",
    warnings: [],
    error: null,
    ...parts,
  };
}
