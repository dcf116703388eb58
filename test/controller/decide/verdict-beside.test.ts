// What a verdict keeps and says beside the digests: earlier boot-image checks, changes on the host, odd texts.
import { describe, expect, test } from "vitest";
import { judge } from "../../../controller/decide/verdict.ts";
import { input } from "./judge-input.ts";
import { report } from "./reports.ts";

describe("a boot-image check that was judged before", () => {
  const standing = { check: "Match", message: "seen before", remembered: true } as const;
  const gone = { template: null };

  test("stands when the template is gone", () => {
    expect(judge(input({ ...gone, standing }))).toMatchObject({ verdict: "Verified", bootImageCheck: "Match" });
    const wrong = { ...standing, check: "Mismatch" } as const;
    expect(judge(input({ ...gone, standing: wrong }))).toMatchObject({ reason: "BootImageMismatch" });
  });

  test("stands against a fresh one if it is remembered, not if only its word is known", () => {
    const wrong = { ...standing, check: "Mismatch" } as const;
    expect(judge(input({ standing: wrong })).bootImageCheck).toBe("Mismatch");
    expect(judge(input({ standing: { ...wrong, remembered: false } })).bootImageCheck).toBe("Match");
    expect(judge(input({ ...gone, standing: { ...wrong, remembered: false } })).bootImageCheck).toBe("Mismatch");
  });

  test("that had no answer does not stand", () => {
    const unknown = { check: "NotKnown/NoAleph", message: "", remembered: true } as const;
    expect(judge(input({ standing: unknown })).bootImageCheck).toBe("Match");
  });
});

test("packages on top of the image are named", () => {
  const modifications = { layered: 3, local: 0, removed: 1, replaced: 0, initramfs: true };
  const { verdict, message } = judge(input({ report: { modifications } }));
  expect(verdict).toBe("Verified");
  expect(message).toContain("(changed on the host: 3 layered, 1 removed, initramfs rebuilt)");
});

test("an aleph release that cannot be one takes no verdict away", () => {
  const odd = { bootImage: { release: "stream9+20250101~1", source: "x" } };
  expect(judge(input({ report: odd }))).toMatchObject({ verdict: "Verified", bootImageCheck: "NotKnown/NoAleph" });
});

test("a message is what the API server stores: well-formed, cut between characters", () => {
  const error = { reason: "CommandFailed", message: `\ud800${"\u{1f600}".repeat(400)}` };
  const { message } = judge(input({ report: JSON.stringify({ ...report({}), error }) }));
  expect(message.isWellFormed()).toBe(true);
  expect([...message].length).toBeLessThanOrEqual(1000);
});
