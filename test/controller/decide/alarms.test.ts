// The alarms: each thing that is wrong once, at the object where a person looks for it.
import { expect, test } from "vitest";
import { type AlarmsInput, alarms } from "../../../controller/decide/alarms.ts";
import { decided, refused } from "../../../controller/decide/decision.ts";
import type { MachineSetState } from "../../../controller/decide/machine-set-state.ts";
import { imageOf } from "./boot-images.ts";

const target = decided(imageOf("r"));

function failed(name: string, message: string): MachineSetState {
  const why = { managedByReason: "Enrolled", managedByMessage: "" } as const;
  const rest = { managedBy: "Bootwarden", ...why, template: null, release: null } as const;
  return { name, state: "Failed", reason: "NoWorkspace", message, ...rest };
}

const down = { reason: "VCenterUnreachable", message: "vc does not answer" } as const;
const ofPolicy = { kind: "BootImagePolicy", name: "cluster" };

test.each<[string, Partial<AlarmsInput>, object[]]>([
  ["nothing", {}, []],
  ["an upgrade, which is no failure", { target: refused("ClusterUpdating", "wait") }, []],
  [
    "a missing ConfigMap",
    { target: refused("BootImagesMissing", "m") },
    [{ ...ofPolicy, reason: "BootImagesMissing", message: "m" }],
  ],
  ["a vCenter that answers", { vcenters: [{ server: "vc", failure: null }] }, []],
  ["one that does not", { vcenters: [{ server: "vc", failure: down }] }, [{ ...ofPolicy, ...down, of: "vc" }]],
  [
    "two that do not, each for itself",
    { vcenters: ["vc", "vc-b"].map((server) => ({ server, failure: down })) },
    ["vc", "vc-b"].map((of) => ({ ...ofPolicy, ...down, of })),
  ],
  [
    "templates whose content was replaced, each for itself",
    { replaced: ["/a", "/b"].map((path) => ({ server: "vc", path, message: path })) },
    ["/a", "/b"].map((path) => ({ ...ofPolicy, reason: "ContentReplaced", message: path, of: `vc${path}` })),
  ],
  [
    "a MachineSet's own",
    { machineSets: [failed("a", "no folder")] },
    [{ kind: "MachineSet", name: "a", reason: "NoWorkspace", message: "no folder" }],
  ],
  ["the brake", { halted: { message: "no" } }, [{ ...ofPolicy, reason: "Halted", message: "no" }]],
  [
    "a contest",
    { machineSets: [{ ...failed("a", "argocd did it"), state: "Contested", reason: "Contested" }] },
    [{ kind: "MachineSet", name: "a", reason: "Contested", message: "argocd did it" }],
  ],
  [
    "MachineSets that suffer from the vCenter, not told again",
    {
      vcenters: [{ server: "vc", failure: down }],
      machineSets: [failed("a", down.message), failed("b", down.message)],
    },
    [{ ...ofPolicy, ...down, of: "vc" }],
  ],
  [
    "MachineSets that suffer from the ConfigMap, and one that has its own trouble",
    { target: refused("BootImagesInvalid", "bad"), machineSets: [failed("a", "bad"), failed("b", "no folder")] },
    [
      { ...ofPolicy, reason: "BootImagesInvalid", message: "bad" },
      { kind: "MachineSet", name: "b", reason: "NoWorkspace", message: "no folder" },
    ],
  ],
])("%s", (_, input, expected) => {
  expect(alarms({ target, machineSets: [], vcenters: [], halted: null, replaced: [], ...input })).toEqual(expected);
});

test.each(["UpToDate", "Outdated", "Updating", "Skipped", "Halted"] as const)(
  "a MachineSet that is %s is no alarm",
  (state) => {
    const machineSets = [{ ...failed("a", "m"), state }];
    expect(alarms({ target, machineSets, vcenters: [], halted: null, replaced: [] })).toEqual([]);
  },
);
