// The control plane's boot image, in words.
import { expect, test } from "vitest";
import { type ControlPlaneInput, controlPlane } from "../../../controller/decide/control-plane.ts";
import { decided, refused } from "../../../controller/decide/decision.ts";

const now = { exists: true, release: "9.4.20250101-0", path: "/dc/vm/t", ours: false };
const input = { name: "cluster", template: "t", templateNow: decided(now), target: "9.6.20261028-0" };

test.each<[string, Partial<ControlPlaneInput>, string | null, string]>([
  ["behind", {}, "9.4.20250101-0", "has 9.4.20250101-0; the target is"],
  ["on target", { templateNow: decided({ ...now, release: input.target }) }, input.target, "has the target's release"],
  ["gone", { templateNow: decided({ ...now, exists: false, release: null }) }, null, "does not exist"],
  ["no target", { target: null }, "9.4.20250101-0", "Its release is 9.4"],
  ["no target, no release", { target: null, templateNow: decided({ ...now, release: null }) }, null, "not known"],
  ["left to the failure domains", { template: "" }, null, "failure domains"],
  ["no workspace", { templateNow: null }, null, "workspace"],
  ["vCenter away", { templateNow: refused("VCenterUnreachable", "vc is away.") }, null, "vc is away."],
])("%s", (...[, over, release, words]) => {
  const found = controlPlane({ ...input, ...over });
  expect(found.release).toBe(release);
  expect(found.message).toContain(words);
  expect(found.message).toContain("never writes it");
});
