// The way back of a MachineSet, and the patches that take it.
import { describe, expect, test } from "vitest";
import { holdPatch, policyResumePatch, resumePatch, resumeTime, rollbackPatch } from "../../cli/machine-set-patch.ts";
import { type MachineSetFacts, machineSetFacts } from "../../cli/read-machines.ts";
import { rollbackBlocks } from "../../cli/rollback-view.ts";
import { wayBack, wayTo } from "../../cli/way-back.ts";
import { conditionsWith, policy, shown } from "./facts.ts";

const old = "lab-7x2kq-rhcos-fd-a-9.6.20261028-0";
const present = "lab-7x2kq-rhcos-fd-a-9.8.20261116-0";
const workspace = { server: "vc", datacenter: "dc" };
const object = (annotations: Record<string, string> = {}, template: string | undefined = present) => ({
  metadata: {
    name: "worker-a",
    resourceVersion: "42",
    labels: { "machine.openshift.io/cluster-api-cluster": "lab-7x2kq" },
    annotations,
  },
  spec: {
    replicas: 2,
    template: { spec: { providerSpec: { value: { kind: "VSphereMachineProviderSpec", template, workspace } } } },
  },
});
const machineSet = (annotations?: Record<string, string>, template?: string) =>
  machineSetFacts(object(annotations, template));
const moved = machineSet({ "bootwarden.io/previous-template": old });
const status = (change: object = {}) => policy({ status: change }).status;
const kept = [{ server: "vc", path: `/dc/vm/lab/${old}`, release: "9.6.20261028-0", state: "Retained", ours: true }];

describe("the way back", () => {
  test("leads to the previous template", () => {
    expect(wayBack(moved, status({ templates: kept }))).toEqual({
      machineSet: "worker-a",
      from: present,
      to: old,
      release: "9.6.20261028-0",
      hold: true,
    });
  });

  test("of one that is held already needs no hold", () => {
    const held = machineSet({ "bootwarden.io/previous-template": old, "bootwarden.io/hold": "true" });
    expect(wayBack(held, null).hold).toBe(false);
  });

  test("to a template of the installer is taken on trust: no list holds those", () => {
    const to = "lab-7x2kq-rhcos-east-a";
    expect(wayBack(machineSet({ "bootwarden.io/previous-template": to }), status())).toMatchObject({
      to,
      release: null,
    });
  });

  test("does not mind a template of that name in another datacenter or vCenter", () => {
    const replaced = { release: "9.4", state: "ContentReplaced" };
    const others = [
      { ...kept[0], ...replaced, path: `/dc-b/vm/lab/${old}` },
      { ...kept[0], ...replaced, server: "vc-b" },
    ];
    expect(wayBack(moved, status({ templates: [...others, ...kept] })).release).toBe("9.6.20261028-0");
    expect(() => wayBack(moved, status({ templates: others }))).toThrow(/not in vCenter any more/);
  });

  test("named by path is the same template", () => {
    const way = wayBack(
      machineSet({ "bootwarden.io/previous-template": `/dc/vm/lab/${old}` }),
      status({ templates: kept }),
    );
    expect(way.to).toBe(`/dc/vm/lab/${old}`);
  });

  test.each<[string, MachineSetFacts, object, string, RegExp]>([
    [
      "that is not known",
      machineSet(),
      {},
      "NoPreviousTemplate",
      /worker-a has no previous template: .* It names lab-7x2kq-rhcos-fd-a-9\.8/,
    ],
    [
      "that is empty",
      machineSet({ "bootwarden.io/previous-template": "" }),
      {},
      "NoPreviousTemplate",
      /no previous template/,
    ],
    ["to one of ours that is gone", moved, {}, "PreviousTemplateGone", /not in vCenter any more/],
    [
      "to one that somebody replaced",
      moved,
      { templates: [{ ...kept[0], release: "9.4", state: "ContentReplaced" }] },
      "PreviousTemplateGone",
      /it holds 9\.4/,
    ],
  ])("%s is refused", (...[, set, change, reason, message]) => {
    expect(() => wayBack(set, status(change))).toThrow(
      expect.objectContaining({ reason, message: expect.stringMatching(message) }),
    );
  });

  test("is not refused where a vCenter is silent, or the status could not be read: its templates are then not listed", () => {
    const conditions = conditionsWith("VCentersReachable", "False", { reason: "VCenterUnreachable", message: "x" });
    expect(wayBack(moved, status({ conditions })).to).toBe(old);
    expect(wayBack(moved, null)).toMatchObject({ to: old, release: "9.6.20261028-0" });
  });

  test("can be taken to what a halt has noted", () => {
    expect(wayTo(machineSet(), "lab-7x2kq-rhcos-east-a", null)).toMatchObject({
      from: present,
      to: "lab-7x2kq-rhcos-east-a",
    });
  });
});

describe("patches", () => {
  const at = "/spec/template/spec/providerSpec/value/template";
  const hold = { op: "add", path: "/metadata/annotations/bootwarden.io~1hold", value: "true" };

  test("back: tests what is there, holds, then points back", () => {
    expect(rollbackPatch(wayBack(moved, null), moved)).toEqual([
      { op: "test", path: at, value: present },
      hold,
      { op: "replace", path: at, value: old },
    ]);
  });

  test("back, of a MachineSet without annotations: makes the map, and only if nothing has changed", () => {
    const bare = machineSet();
    expect(rollbackPatch(wayTo(bare, old, null), bare)).toEqual([
      { op: "test", path: at, value: present },
      { op: "test", path: "/metadata/resourceVersion", value: "42" },
      { op: "add", path: "/metadata/annotations", value: {} },
      hold,
      { op: "replace", path: at, value: old },
    ]);
  });

  test("back, of one that names nothing: guarded by its version", () => {
    const nameless = machineSetFacts({
      metadata: { name: "worker-a", resourceVersion: "42", annotations: { a: "b" } },
    });
    expect(rollbackPatch(wayTo(nameless, old, null), nameless)).toEqual([
      { op: "test", path: "/metadata/resourceVersion", value: "42" },
      hold,
      { op: "add", path: at, value: old },
    ]);
  });

  test("hold and resume write one annotation each, and take it away", () => {
    expect(holdPatch(true)).toEqual({ metadata: { annotations: { "bootwarden.io/hold": "true" } } });
    expect(holdPatch(false)).toEqual({ metadata: { annotations: { "bootwarden.io/hold": null } } });
    expect(resumePatch({ release: true, at: null })).toEqual({
      metadata: { annotations: { "bootwarden.io/hold": null } },
    });
    expect(resumePatch({ release: false, at: "t" })).toEqual({
      metadata: { annotations: { "bootwarden.io/resumed-at": "t" } },
    });
    expect(policyResumePatch("t")).toEqual({ metadata: { annotations: { "bootwarden.io/resumed-at": "t" } } });
  });
});

describe("resumeTime", () => {
  const now = Date.parse("2026-11-26T12:00:00Z");
  test.each([
    ["2026-11-26T11:00:00Z", null, "2026-11-26T12:00:00.000Z"],
    ["2026-11-26T12:05:00Z", null, "2026-11-26T12:05:01.000Z"],
    ["2026-11-26T11:00:00Z", "2026-11-26T10:00:00Z", "2026-11-26T12:00:00.000Z"],
    ["2026-11-26T11:00:00Z", "2026-11-26T11:30:00Z", null],
    ["2026-11-26T11:00:00Z", "yesterday", "2026-11-26T12:00:00.000Z"],
    [undefined, null, "2026-11-26T12:00:00.000Z"],
    ["nonsense", "2026-11-26T11:30:00Z", "2026-11-26T12:00:00.000Z"],
  ])("what began at %s, with %s said, is released by %s", (since, said, at) => {
    expect(resumeTime(since, { said, now })).toBe(at);
  });
});

test("what would change is shown before anybody is asked", () => {
  const way = wayBack(moved, null);
  expect(shown(rollbackBlocks([{ name: "worker-a", way }]))).toBe(`\
MachineSet worker-a
  template, now       ${present}
  template, then      ${old} (release 9.6.20261028-0)
  bootwarden.io/hold  true
New Machines boot from that; Machines that exist are not touched.

`);
  expect(shown(rollbackBlocks([{ name: "worker-a", way: "Done" }]))).toBe(
    "MachineSet worker-a: it is back and on hold already; nothing to change.\n",
  );
  expect(shown(rollbackBlocks([]))).toMatch(/had moved no MachineSet/);
});
