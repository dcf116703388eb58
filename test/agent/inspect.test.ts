import { describe, expect, test } from "vitest";
import { rpmOstree } from "../../agent/host/rpm-ostree.ts";
import { inspect, reportOf } from "../../agent/inspect.ts";
import { Report } from "../../common/report.ts";
import { deployment } from "./reports.ts";

const modifications = { layered: 1, local: 0, removed: 0, replaced: 0, initramfs: false };
const named = (version: string, parts = {}) => deployment({ booted: false, version, ...parts });
const booted = named("booted", { booted: true });

function reported(deployments: Report["booted"][]): (string | null | undefined)[] {
  const found = deployments.filter((one) => one !== null);
  const status = { deployments: found, modifications, state: "idle" as const, transaction: null, warnings: ["s"] };
  const aleph = { bootImage: null, warnings: ["a"] };
  const report = reportOf({ bootID: "b", collector: "rpm-ostree", status, aleph, failure: null });
  expect(report).toMatchObject({ modifications, warnings: ["s", "a"], error: null });
  return [report.booted, report.staged, report.rollback].map((one) => one?.version);
}

describe("booted, staged and rollback of a list in boot order", () => {
  test.each([
    ["one deployment", [booted], ["booted", undefined, undefined]],
    ["booted and rollback", [booted, named("old")], ["booted", undefined, "old"]],
    ["staged", [named("new", { staged: true }), booted, named("old")], ["booted", "new", "old"]],
    [
      "set for the next boot without staging, as after a rollback",
      [named("old"), booted],
      ["booted", "old", undefined],
    ],
    [
      "a pinned third one is no rollback",
      [booted, named("old"), named("pinned", { pinned: true })],
      ["booted", undefined, "old"],
    ],
    [
      "a staged one in an odd place is no rollback",
      [booted, named("new", { staged: true }), named("old")],
      ["booted", "new", "old"],
    ],
  ])("%s", (_, deployments, wanted) => {
    expect(reported(deployments)).toEqual(wanted);
  });
});

test("a host that cannot be inspected gives a report with the reason, not an exception", async () => {
  const host = { root: "/no/such/root", timeout: 5_000, signal: new AbortController().signal };
  const report = Report.parse(await inspect(host, rpmOstree()));
  expect(report).toMatchObject({ booted: null, bootImage: null, state: null, error: { reason: "BootIDUnreadable" } });
});

test("an abort is no report", async () => {
  const host = { root: "/no/such/root", timeout: 5_000, signal: AbortSignal.abort(new Error("asked to stop")) };
  await expect(inspect(host, rpmOstree())).rejects.toThrow("asked to stop");
});
