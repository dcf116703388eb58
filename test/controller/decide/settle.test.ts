import { expect, test } from "vitest";
import { settle } from "../../../controller/decide/settle.ts";
import type { Verdict } from "../../../controller/decide/verdict.ts";

const verdict = (over: Partial<Verdict> = {}): Verdict => ({
  verdict: "Mismatch",
  reason: "OSImageMismatch",
  message: "m",
  bootImageCheck: null,
  bootImageMessage: null,
  osDigest: "0123456789abcdef",
  bootImage: null,
  ...over,
});
const at = (now: number) => ({ now, confirmAfterMs: 30_000 });
const verified = verdict({ verdict: "Verified", reason: "DigestMatch" });

test("anything but a Mismatch is published at once", () => {
  expect(settle(null, verified, at(0))).toEqual({ publish: verified, keep: null, again: null });
});

test("a Mismatch is published when it is seen again 30 s later, not before, and stays published", () => {
  const first = settle(null, verdict(), at(1000));
  expect(first).toMatchObject({ publish: null, again: 30_000 });
  const second = settle(first.keep, verdict(), at(30_999));
  expect(second).toMatchObject({ publish: null, again: 1 });
  const third = settle(second.keep, verdict({ message: "said otherwise" }), at(31_000));
  expect(third).toMatchObject({ publish: { verdict: "Mismatch" }, again: null });
  expect(settle(third.keep, verdict(), at(31_001)).publish).not.toBeNull();
});

test.each([
  ["another reason", { reason: "BootImageMismatch" as const }],
  ["another digest", { osDigest: "fedcba9876543210" }],
])("%s begins anew", (_, over) => {
  const first = settle(null, verdict(), at(0));
  expect(settle(first.keep, verdict(over), at(30_000))).toMatchObject({ publish: null, again: 30_000 });
});

test("a good evaluation between begins anew", () => {
  const first = settle(null, verdict(), at(0));
  const good = settle(first.keep, verified, at(15_000));
  expect(settle(good.keep, verdict(), at(30_000)).publish).toBeNull();
});
