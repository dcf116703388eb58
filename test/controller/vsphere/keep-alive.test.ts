import { describe, expect, test } from "vitest";
import { VimFault } from "../../../controller/vsphere/fault.ts";
import { type Keeping, keepAlive, lossOf, type Patience } from "../../../controller/vsphere/keep-alive.ts";
import { type Line, scriptedSession } from "./scripted-vcenter.ts";

describe("what a failed call says about the lease", () => {
  const fault = (type: string) => new VimFault("VCenterFault", type, { fault: type });
  // At once, and after a long silence.
  test.each<[string, Error, [string | null, string]]>([
    ["the session is lost", new VimFault("SessionLost", "x"), ["SessionLost", "SessionLost"]],
    ["the lease is gone", new VimFault("ObjectNotFound", "x"), ["LeaseFailed", "LeaseFailed"]],
    ["the lease ran out", fault("Timedout"), ["LeaseFailed", "LeaseFailed"]],
    ["the lease has ended", fault("InvalidState"), ["LeaseFailed", "LeaseFailed"]],
    ["another fault", fault("HostCommunication"), [null, "VCenterFault"]],
    ["no connection", new VimFault("VCenterUnreachable", "x"), [null, "VCenterUnreachable"]],
    ["no answer in time", new VimFault("TimedOut", "x"), [null, "TimedOut"]],
    ["a proxy's page", new VimFault("UnreadableAnswer", "x"), [null, "UnreadableAnswer"]],
    ["a mistake of ours", new TypeError("x"), ["TypeError", "TypeError"]],
  ])("%s", (_, thrown, lost) => {
    const named = (loss: unknown) => (loss instanceof VimFault ? loss.reason : Object(loss).name) ?? null;
    expect([named(lossOf(thrown, false)), named(lossOf(thrown, true))]).toEqual(lost);
  });
});

describe("a lease", () => {
  const progress = "HttpNfcLeaseProgress";
  async function kept(lines: readonly Line[], own: Partial<Patience> = {}): Promise<{ state: Keeping; told: number }> {
    const done = new AbortController();
    let told = 0;
    const { session } = await scriptedSession(() => {
      told += 1;
      const line = lines[told - 1];
      if (line === undefined) done.abort();
      return line ?? "silence";
    });
    const on = { type: "HttpNfcLease", value: "lease-1" };
    const state: Keeping = { on, percent: 0, done: done.signal, lost: new AbortController() };
    await keepAlive(session, state, { pause: 5, silence: 60_000, ...own });
    return { state, told };
  }

  test(`outlives calls of ${progress} that fail for a moment`, async () => {
    const { state, told } = await kept([
      { content: "" },
      { status: 503 },
      { fault: "HostCommunication" },
      { content: "" },
    ]);
    expect(state.lost.signal.aborted).toBe(false);
    expect(told).toBe(5);
  });

  test("is lost at once with the session", async () => {
    const { state, told } = await kept([{ content: "" }, { fault: "NotAuthenticated" }, { content: "" }]);
    expect(state.lost.signal.reason).toMatchObject({ reason: "SessionLost" });
    expect(told).toBe(2);
  });

  test("is given up when nothing was heard for too long", async () => {
    const { state } = await kept(Array(1000).fill({ status: 503 }), { silence: 30 });
    expect(state.lost.signal.reason).toMatchObject({ reason: "VCenterUnreachable" });
  });
});
