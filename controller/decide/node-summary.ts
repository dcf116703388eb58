// The summary of all nodes' verdicts, as the policy's status.nodes.
import { oldestRelease } from "./release.ts";
import type { Verdict } from "./verdict.ts";

export interface NodesSummary {
  total: number;
  verified: number;
  updating: number;
  mismatch: number;
  unknown: number;
  notApplicable: number;
  oldestBootImage: string | null;
}

export function nodesSummary(verdicts: readonly Pick<Verdict, "verdict" | "bootImage">[]): NodesSummary {
  const count = (wanted: Verdict["verdict"]) => verdicts.filter(({ verdict }) => verdict === wanted).length;
  return {
    total: verdicts.length,
    verified: count("Verified"),
    updating: count("Updating"),
    mismatch: count("Mismatch"),
    unknown: count("Unknown"),
    notApplicable: count(null),
    oldestBootImage: oldestRelease(verdicts.flatMap(({ bootImage }) => bootImage ?? [])),
  };
}
