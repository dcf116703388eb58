// The policy's status: equal input gives an equal status, without nulls, with the strings of the printer columns.
import { describe, expect, test } from "vitest";
import { refused } from "../../../controller/decide/decision.ts";
import type { MachineSetState } from "../../../controller/decide/machine-set-state.ts";
import { type PolicyStatusInput, policyStatus } from "../../../controller/decide/policy-status.ts";
import { imageOf } from "./boot-images.ts";
import { input, machineSet, naming, release, template } from "./policy-status-input.ts";

function nullsIn(value: unknown, path = "status"): string[] {
  if (value === null || value === undefined) return [path];
  if (typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, part]) => nullsIn(part, `${path}.${key}`));
}

test("the whole of it", () => {
  expect(policyStatus(input)).toMatchObject({
    observedGeneration: 3,
    target: { release, version: "4.22.3", sha256: "cb9d", url: "https://m/x.ova" },
    machineSets: [
      { name: "a", managedBy: "Bootwarden", state: "UpToDate", template: "t-a", oldestBootImage: "9.6.20250101-0" },
      { name: "b", state: "Updating", reason: "MovingTemplate", template: "t-old" },
      { name: "c", managedBy: "Nobody", state: "Skipped", reason: "OnHold" },
    ],
    templates: [{ server: "vc", path: "/dc/vm/f/t-a", release, state: "Ready", ours: true, inUseBy: ["MachineSet/a"] }],
    nodes: {
      total: 5,
      verified: 2,
      updating: 1,
      mismatch: 1,
      unknown: 0,
      notApplicable: 1,
      oldestBootImage: "9.6.1-0",
    },
  });
});

test("equal input gives an equal status, also when time has passed and it has been stored", () => {
  const first = policyStatus(input);
  expect(policyStatus(structuredClone(input))).toEqual(first);
  const { conditions } = JSON.parse(JSON.stringify(first));
  expect(policyStatus({ ...input, conditions, now: "2026-11-20T11:00:00Z" })).toEqual(
    JSON.parse(JSON.stringify(first)),
  );
});

test.each<[string, Partial<PolicyStatusInput>]>([
  ["as it is", {}],
  ["nothing at all", { machineSets: [], templates: [], vcenters: [], bootImages: new Map() }],
  ["no target", { target: refused("BootImagesMissing", "m") }],
  ["no boot image of any node", { nodes: { ...input.nodes, oldestBootImage: null } }],
  ["a template of an unknown release", { templates: [{ ...template, release: null }] }],
  [
    "an import of unknown size",
    {
      making: [
        { server: "vc", path: "/x", state: "Importing", bytesDone: null, bytesTotal: null, bytesPerSecond: null },
      ],
    },
  ],
])("with %s it holds no null: the API server keeps none, so it would differ for ever", (_, over) => {
  expect(nullsIn(policyStatus({ ...input, ...over }))).toEqual([]);
});

describe("the printer columns", () => {
  test.each<[string, Partial<PolicyStatusInput>, { machineSets: string; nodes: string }]>([
    [
      "count what is on target of what is selected, and Verified of what applies",
      {},
      { machineSets: "1/2", nodes: "2/4" },
    ],
    [
      "are zeros where there is nothing",
      { machineSets: [], nodes: { ...input.nodes, total: 0, verified: 0, notApplicable: 0 } },
      { machineSets: "0/0", nodes: "0/0" },
    ],
    [
      "do not count a failed MachineSet as on target",
      { machineSets: [machineSet({ state: "Failed" }), machineSet({ name: "b", state: "Outdated" })] },
      { machineSets: "0/2", nodes: "2/4" },
    ],
  ])("%s", (_, over, expected) => {
    expect(policyStatus({ ...input, ...over }).summary).toEqual(expected);
  });
});

describe("the templates", () => {
  const bytes = { bytesDone: 5, bytesTotal: 10, bytesPerSecond: 2 };
  const making = { server: "vc", path: template.path, state: "Importing", ...bytes } as const;

  test("one in the making takes the place of the same one of before, and of no other vCenter's", () => {
    const other = { ...template, server: "vc-b" };
    expect(policyStatus({ ...input, templates: [template, other], making: [making] }).templates).toMatchObject([
      { server: "vc", state: "Importing", ...bytes },
      { server: "vc-b", state: "Ready" },
    ]);
  });

  test("several are made side by side", () => {
    const others = ["/b", "/c"].map((path) => ({ ...making, path, state: "Cloning" }) as const);
    expect(policyStatus({ ...input, templates: [], making: [making, ...others] }).templates).toMatchObject([
      { path: template.path, state: "Importing" },
      { path: "/b", state: "Cloning" },
      { path: "/c", state: "Cloning" },
    ]);
  });

  test("what is kept of other releases is listed once, and so is what was replaced", () => {
    const old = { server: "vc", path: "/old", release: "9.6.1", inUseBy: ["Machine/w-1"] };
    const replaced = { server: "vc", path: "/mco", release: "9.7.1" };
    const retained = [{ ...old, path: template.path, release }, old];
    expect(policyStatus({ ...input, retained, replaced: [replaced] }).templates).toEqual([
      { server: "vc", path: template.path, release, state: "Ready", ours: true, inUseBy: ["MachineSet/a"] },
      { ...replaced, state: "ContentReplaced" },
      { ...old, state: "Retained", ours: true },
    ]);
  });

  test("one is in use by name or by path", () => {
    const providers = [naming("a", template.path), naming("b", template.name), naming("c", "x")];
    expect(policyStatus({ ...input, providers }).templates).toMatchObject([
      { inUseBy: ["MachineSet/a", "MachineSet/b"] },
    ]);
  });

  test("of one name in two datacenters and two vCenters each is used by its own MachineSets", () => {
    const places = [
      { server: "vc", datacenter: "dc" },
      { server: "vc", datacenter: "dc-b" },
      { server: "vc-b", datacenter: "dc" },
    ];
    const templates = places.map(({ server, datacenter }) => ({
      ...template,
      server,
      path: `/${datacenter}/vm/f/t-a`,
    }));
    const providers = places.map((place, at) => naming(`of-${at}`, "t-a", place));
    expect(policyStatus({ ...input, templates, providers }).templates).toMatchObject([
      { server: "vc", path: "/dc/vm/f/t-a", inUseBy: ["MachineSet/of-0"] },
      { server: "vc", path: "/dc-b/vm/f/t-a", inUseBy: ["MachineSet/of-1"] },
      { server: "vc-b", path: "/dc/vm/f/t-a", inUseBy: ["MachineSet/of-2"] },
    ]);
  });
});

describe("the oldest release that new machines boot", () => {
  const [legacy, older, newer] = ["418.94.202511191518-0", "9.8.20260428-0", "9.10.20260101-0"];
  const of = (release: string | null, over: Partial<MachineSetState> = {}) =>
    machineSet({ name: `of-${release}`, release, ...over });
  const windows = { managedBy: "Nobody", managedByReason: "WindowsMachineSet" } as const;
  const elsewhere = { managedBy: "Nobody", managedByReason: "NotVSphere", template: null } as const;

  test.each<[string, MachineSetState[], string | undefined]>([
    ["the older one by RHEL's numbers, whatever its date", [of(newer), of(older)], older],
    ["one of the numbering of before", [of(older), of(legacy), of(newer)], legacy],
    ["that of a MachineSet that is somebody else's", [of(newer), of(older, { managedBy: "MCO" })], older],
    ["not known while that of one template is not", [of(newer), of(null)], undefined],
    ["not known where one is of no known numbering", [of(newer), of("golden-2026")], undefined],
    ["not known where the only one is of no known numbering", [of("golden-2026")], undefined],
    [
      "not that of machines which boot no CoreOS of vSphere",
      [of(newer), of(null, windows), of(null, elsewhere)],
      newer,
    ],
    ["none where there is no MachineSet", [], undefined],
  ])("is %s", (_, machineSets, expected) => {
    expect(policyStatus({ ...input, machineSets }).oldestRelease).toBe(expected);
  });
});

test("a cluster that is being upgraded is not degraded, a missing ConfigMap is", () => {
  const degraded = (target: PolicyStatusInput["target"]) =>
    JSON.stringify(policyStatus({ ...input, machineSets: [], target }).conditions).includes(
      '"BootImageUpdateDegraded","status":"True"',
    );
  expect(degraded(refused("ClusterUpdating", "wait"))).toBe(false);
  expect(degraded(refused("BootImagesMissing", "m"))).toBe(true);
});

describe("the targets", () => {
  const image = imageOf("10.2.20261117-0", { stream: "rhel-10", url: "https://me/x.ova?key=1" });

  test("are told where there is more than one", () => {
    const { target, targets } = policyStatus({ ...input, images: [...input.images, image] });
    expect(target).toMatchObject({ release, version: "4.22.3" });
    const { sha256, architecture } = image;
    expect(targets).toEqual([
      { stream: "default", architecture, release, sha256: "cb9d", url: "https://m/x.ova" },
      { stream: "rhel-10", architecture, release: "10.2.20261117-0", sha256, url: "https://me/x.ova" },
    ]);
  });

  test("are no words where there is one", () => {
    expect(policyStatus(input)).not.toHaveProperty("targets");
  });
});
