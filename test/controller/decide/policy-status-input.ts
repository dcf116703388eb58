// The input of a policy's status with something of everything, to be altered by a test.
import { decided } from "../../../controller/decide/decision.ts";
import type { MachineSetState } from "../../../controller/decide/machine-set-state.ts";
import type { Naming } from "../../../controller/decide/named-template.ts";
import type { PolicyStatusInput } from "../../../controller/decide/policy-status.ts";
import { imageOf } from "./boot-images.ts";

export const release = "9.8.20260428-0";

export function machineSet(over: Partial<MachineSetState>): MachineSetState {
  const state = { name: "a", managedBy: "Bootwarden", state: "UpToDate", reason: "OnTarget", message: "m" } as const;
  const why = { managedByReason: "Enrolled", managedByMessage: "w" } as const;
  return { ...state, ...why, template: "t-a", release, ...over };
}

const image = imageOf(release, { version: "4.22.3", url: "https://m/x.ova", sha256: "cb9d" });

export const template = { server: "vc", place: "p", image, name: "t-a", path: "/dc/vm/f/t-a", release, ours: true };

/** Of a MachineSet whose workspace is in datacenter dc of vCenter vc, unless `workspace` says else. */
export function naming(name: string, template: string, workspace: Partial<Naming["workspace"]> = {}) {
  return { name, provider: { template, workspace: { server: "vc", datacenter: "dc", ...workspace } } };
}

export const input: PolicyStatusInput = {
  generation: 3,
  conditions: [],
  mode: "Manage",
  target: decided(image),
  images: [image],
  machineSets: [
    machineSet({}),
    machineSet({ name: "b", state: "Updating", reason: "MovingTemplate", template: "t-old", release: null }),
    machineSet({ name: "c", managedBy: "Nobody", state: "Skipped", reason: "OnHold", template: null, release: null }),
  ],
  nodes: { total: 5, verified: 2, updating: 1, mismatch: 1, unknown: 0, notApplicable: 1, oldestBootImage: "9.6.1-0" },
  troubled: [],
  vcenters: [{ server: "vc", failure: null }],
  clusterVersion: "4.20.1",
  managersSaid: true,
  admission: "Installed",
  templates: [template],
  providers: [naming("a", "t-a"), naming("b", "t-old"), { name: "c", provider: null }],
  making: [],
  retained: [],
  replaced: [],
  bootImages: new Map([["a", ["9.8.20260428-0", "9.6.20250101-0"]]]),
  contests: new Map(),
  rollout: { halted: null, releasedAt: null },
  wanted: [],
  platform: { version: "4.20.1", featureSet: "", machineConfigOperator: "Unable", message: "p" },
  controlPlane: null,
  now: "2026-11-20T10:00:00Z",
};
