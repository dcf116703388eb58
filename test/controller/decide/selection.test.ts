import { expect, test } from "vitest";
import { z } from "zod";
import type { LabelSelector } from "../../../controller/decide/label-selector.ts";
import { type MachineManager, type Selection, selects } from "../../../controller/decide/selection.ts";
import { fixture } from "./facts.ts";

const labels = { region: "east", "boot-image": "managed" };
const partial = (machineResourceSelector?: LabelSelector): Selection => ({
  mode: "Partial",
  partial: { machineResourceSelector },
});
const expression = (key: string, operator: string, ...values: string[]) =>
  partial({ matchExpressions: [{ key, operator, values }] });

test.each<[string, Selection, boolean]>([
  ["All", { mode: "All" }, true],
  ["None", { mode: "None" }, false],
  ["Partial without partial", { mode: "Partial" }, false],
  ["Partial without selector", partial(), false],
  ["the empty selector", partial({}), true],
  ["a label", partial({ matchLabels: { region: "east" } }), true],
  ["another value", partial({ matchLabels: { region: "west" } }), false],
  ["one of two", partial({ matchLabels: { region: "east", zone: "a" } }), false],
  ["a key of Object", partial({ matchExpressions: [{ key: "constructor", operator: "Exists" }] }), false],
  ["In", expression("region", "In", "west", "east"), true],
  ["In, not", expression("region", "In", "west"), false],
  ["In, missing", expression("zone", "In", "a"), false],
  ["In without values", expression("region", "In"), false],
  ["NotIn", expression("region", "NotIn", "west"), true],
  ["NotIn, not", expression("region", "NotIn", "east"), false],
  ["NotIn, missing", expression("zone", "NotIn", "a"), true],
  ["NotIn without values", expression("region", "NotIn"), false],
  ["Exists", expression("region", "Exists"), true],
  ["Exists, missing", expression("zone", "Exists"), false],
  ["Exists with values", expression("region", "Exists", "east"), false],
  ["DoesNotExist", expression("zone", "DoesNotExist"), true],
  ["DoesNotExist, not", expression("region", "DoesNotExist"), false],
  ["an unknown operator", expression("region", "Gt", "1"), false],
  ["Follow without managers", { mode: "FollowMachineConfiguration" }, false],
])("%s", (_, selection, expected) => {
  expect(selects(selection, labels)).toBe(expected);
});

const Managers = z.object({
  status: z.object({
    managedBootImagesStatus: z.object({ machineManagers: z.array(z.custom<MachineManager>()) }),
  }),
});
const managers = (name: string) => fixture(name, Managers).status.managedBootImagesStatus.machineManagers;
const controlPlane = {
  resource: "controlplanemachinesets",
  apiGroup: "machine.openshift.io",
  selection: { mode: "All" },
};

test.for<[string, MachineManager[], Record<string, string>, boolean]>([
  ["All", managers("machineconfiguration-default-all-degraded"), {}, true],
  ["Partial, selected", managers("machineconfiguration-partial"), labels, true],
  ["Partial, not selected", managers("machineconfiguration-partial"), { region: "east" }, false],
  ["an empty list", [], labels, false],
  ["another resource", [controlPlane], labels, false],
  ["the first entry decides", [controlPlane, ...managers("machineconfiguration-partial")], labels, true],
])("FollowMachineConfiguration: %s", ([, machineManagers, own, expected]) => {
  expect(selects({ mode: "FollowMachineConfiguration" }, own, machineManagers)).toBe(expected);
});
