// The patch that writes a verdict: exactly what differs.
import { expect, test } from "vitest";
import { nodeAnnotations, nodeLabels } from "../../../common/annotations.ts";
import { verdictPatch } from "../../../controller/cluster/node-verdict.ts";
import type { Verdict } from "../../../controller/decide/verdict.ts";

const verified: Verdict = {
  verdict: "Verified",
  reason: "DigestMatch",
  message: "fine",
  bootImageCheck: "Match",
  bootImageMessage: "expected and seen",
  osDigest: "0123456789abcdef",
  bootImage: "9.6.20261028-0",
};
const written = {
  [nodeLabels.verdict]: "Verified",
  [nodeLabels.osDigest]: "0123456789abcdef",
  [nodeAnnotations.verdictReason]: "DigestMatch",
  [nodeAnnotations.verdictMessage]: "fine",
  [nodeAnnotations.bootImageCheck]: "Match",
};
const { verdict, osDigest } = nodeLabels;
const { verdictReason, verdictMessage, bootImageCheck } = nodeAnnotations;

test("the first verdict writes all", () => {
  expect(verdictPatch({ written: {} }, verified)).toEqual({
    metadata: {
      labels: { [verdict]: "Verified", [osDigest]: "0123456789abcdef" },
      annotations: { [verdictReason]: "DigestMatch", [verdictMessage]: "fine", [bootImageCheck]: "Match" },
    },
  });
});

test("the same verdict writes nothing", () => {
  expect(verdictPatch({ written }, verified)).toBeUndefined();
});

test.each<[string, Partial<Verdict>, object]>([
  ["another message", { message: "finer" }, { labels: {}, annotations: { [verdictMessage]: "finer" } }],
  ["an empty message", { message: "" }, { labels: {}, annotations: { [verdictMessage]: "" } }],
  ["another digest", { osDigest: "f".repeat(16) }, { labels: { [osDigest]: "f".repeat(16) }, annotations: {} }],
  [
    "a verdict that falls away",
    { verdict: null, reason: "NotApplicable", osDigest: null, bootImageCheck: null },
    {
      labels: { [verdict]: null, [osDigest]: null },
      annotations: { [verdictReason]: "NotApplicable", [bootImageCheck]: null },
    },
  ],
])("%s writes that alone", (_, change, metadata) => {
  expect(verdictPatch({ written }, { ...verified, ...change })).toEqual({ metadata });
});

test("what is not there is not taken away", () => {
  const none = { ...verified, verdict: null, osDigest: null, bootImageCheck: null };
  expect(verdictPatch({ written: { [verdictReason]: "DigestMatch", [verdictMessage]: "fine" } }, none)).toBeUndefined();
});
