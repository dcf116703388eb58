// What keeps an old template of ours in a lab: whoever names it, and whatever is not known.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kubectl, type Stage } from "../demo/stage.ts";
import { folder, machineSetName } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import {
  inFolder,
  look,
  makeTemplate,
  noWayBack,
  setPolicy,
  templateOf,
  untilGone,
  untilKept,
  zoneA,
  zoneB,
} from "./old-templates.ts";
import { openStage } from "./open-stage.ts";
import {
  addControlPlane,
  addLostMachine,
  addSpare,
  annotateSet,
  controlPlane,
  machinePath,
  removeMachine,
  setFailureDomainTemplate,
  setPath,
  spare,
} from "./template-referrers.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ nodes: false });
  await setPolicy(stage, { template: { retain: 1 } });
});
afterAll(() => stage?.lab.close());

let made = 0;
function nextOld(): string {
  made += 1;
  return templateOf(zoneA, `9.4.20260101-${made}`);
}

/** The Warning Events of the reason, as kubectl prints them. */
async function warnings(reason: string): Promise<string> {
  return await kubectl(stage, "get", "events", "--field-selector", `reason=${reason},type=Warning`);
}

type Keeper = [what: string, by: string, keep: (old: string) => Promise<unknown>, letGo: () => Promise<unknown>];
const remove = (path: string) => stage.lab.api.remove(path);
const keepers: Keeper[] = [
  ["a MachineSet", `MachineSet/${spare}`, (old) => addSpare(stage, { template: old }), () => remove(setPath(spare))],
  [
    "a ControlPlaneMachineSet",
    "ControlPlaneMachineSet/cluster",
    (old) => addControlPlane(stage, `${folder}/${old}`),
    () => remove(controlPlane),
  ],
  [
    "a failure domain",
    "Infrastructure/cluster (failure domain fd-east-a)",
    (old) => setFailureDomainTemplate(stage, `${folder}/${old}`),
    () => setFailureDomainTemplate(stage, null),
  ],
  [
    "a way back",
    `MachineSet/${machineSetName(zoneB)} (previous template)`,
    (old) => annotateSet(stage, zoneB, { "bootwarden.io/previous-template": old }),
    () => noWayBack(stage),
  ],
  [
    "a Machine that is not Running",
    "Machine/lost",
    (old) => addLostMachine(stage, old),
    () => removeMachine(stage, machinePath("lost")),
  ],
];

test.each(keepers)("%s keeps what it names, and lets it go", async (_, ...[by, keep, letGo]) => {
  const old = nextOld();
  await keep(old);
  await makeTemplate(stage, old);
  await untilKept(stage, old, [by]);
  expect(await inFolder(stage)).toContain(old);
  await letGo();
  await untilGone(stage, [old]);
});

describe("nothing goes", () => {
  const old = nextOld();

  test("in Observe mode", async () => {
    await setPolicy(stage, { mode: "Observe" });
    await makeTemplate(stage, old);
    await untilKept(stage, old, []);
  });

  test("while an object cannot be read, and this is said", async () => {
    await addControlPlane(stage, 7);
    await setPolicy(stage, { mode: "Manage" });
    await until({ signal: stage.signal, what: "an Event of it" }, async () =>
      (await warnings("ObjectUnreadable")).includes(
        "ControlPlaneMachineSet openshift-machine-api/cluster cannot be read",
      ),
    );
    await untilKept(stage, old, []);
    expect(await inFolder(stage)).toContain(old);
  });

  test("while the API server refuses one of the lists, and this is said", async () => {
    const role = ["role", "bootwarden-controller", "-n", "openshift-machine-api"];
    const { rules } = JSON.parse(await kubectl(stage, "get", ...role, "-o", "json"));
    const less = JSON.parse(JSON.stringify(rules).replace('"controlplanemachinesets"', '"nothing"'));
    const setRules = (to: unknown) =>
      kubectl(stage, "patch", ...role, "--type=merge", "-p", JSON.stringify({ rules: to }));
    await setRules(less);
    await remove(controlPlane);
    await until({ signal: stage.signal, what: "an Event of it" }, async () =>
      (await warnings("ApiRefused")).includes(old),
    );
    expect(await inFolder(stage)).toContain(old);
    await setRules(rules);
  });

  test("any longer than that", async () => {
    await untilGone(stage, [old]);
  });
});

test.each([
  ["a missing right", { fault: "NoPermission", privilege: "VirtualMachine.Inventory.Delete" }, "NoPermission"],
  ["a clone that is being made of it", { taskFault: "TaskInProgress" }, "VCenterFault"],
])("%s is said, and the template goes when it is over", async (_, rule, reason) => {
  const { control } = stage.lab.vcenter;
  await control.fault({ method: "Destroy_Task", times: -1, ...rule });
  const old = nextOld();
  await makeTemplate(stage, old);
  await look(stage);
  await until({ signal: stage.signal, what: "an Event of it" }, async () => (await warnings(reason)).includes(old));
  expect(await inFolder(stage)).toContain(old);
  await control.clearFaults();
  await untilGone(stage, [old]);
});
