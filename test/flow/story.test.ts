// The whole flow as the demo tells it: two releases, a scale-up, a wrong image; and what must not have happened on the way.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { judgedNodes, kubectl, policyTemplates, type Stage, vcenterCalls } from "../demo/stage.ts";
import { story } from "../demo/story.ts";
import { playAnnotation } from "../lab/machine-room.ts";
import { vcenterPassword } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { openStage } from "./open-stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ imageMiB: 16 });
});
afterAll(() => stage?.lab.close());

describe("the story", () => {
  for (const { title, play } of story) test(title, () => play(stage));
});

describe("after the story", () => {
  test("a staged image is said on the Node, and a reboot makes it the booted one", async () => {
    const { lab, signal } = stage;
    const node = [...(lab.room?.nodes.values() ?? [])].at(-1);
    expect(node).toBeDefined();
    const machine = `/apis/machine.openshift.io/v1beta1/namespaces/openshift-machine-api/machines/${node?.name}`;
    const verdictIs = (wanted: string) =>
      until({ signal, what: `${node?.name} ${wanted}`, within: 40_000 }, async () =>
        (await judgedNodes(stage)).some(({ name, reason }) => name === node?.name && reason === wanted),
      );
    await lab.api.merge(machine, { metadata: { annotations: { [playAnnotation]: "stage" } } });
    await verdictIs("StagedForReboot");
    await lab.api.merge(machine, { metadata: { annotations: { [playAnnotation]: "reboot" } } });
    await verdictIs("OSImageMismatch");
  });

  test("the policy's status lists both templates as ours, in use", async () => {
    const templates = await policyTemplates(stage);
    expect(templates.map(({ state }) => state)).toEqual(["Ready", "Ready"]);
    expect(JSON.parse(await kubectl(stage, "get", "bootimagepolicy", "cluster", "-o", "json")).status).toMatchObject({
      summary: { machineSets: "2/2" },
      machineSets: [
        { name: "lab-7x2kq-worker-a", managedBy: "Bootwarden", state: "UpToDate", reason: "OnTarget" },
        { name: "lab-7x2kq-worker-b", managedBy: "Bootwarden", state: "UpToDate", reason: "OnTarget" },
      ],
    });
  });

  test("the way back stands on the MachineSet", async () => {
    const noted = "jsonpath={.items[*].metadata.annotations.bootwarden\\.io/previous-template}";
    const machineSets = ["-n", "openshift-machine-api", "get", "machinesets", "-o", noted];
    expect(await kubectl(stage, ...machineSets)).toBe("lab-7x2kq-rhcos-fd-east-a lab-7x2kq-rhcos-fd-east-b");
  });

  test("at rest nothing is written", async () => {
    const versions = async () => {
      const kinds = "nodes,machinesets.machine.openshift.io,bootimagepolicies";
      const columns = "custom-columns=N:.metadata.name,V:.metadata.resourceVersion";
      return await kubectl(stage, "get", kinds, "-A", "-o", columns);
    };
    const before = await versions();
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect(await versions()).toBe(before);
  });

  test("no log and no object but the Secrets holds the vCenter password", async () => {
    const { logs } = stage.lab.ground;
    for (const file of await readdir(logs)) {
      if (!/^(controller|agent-)/.test(file)) continue;
      expect(await readFile(join(logs, file), "utf8"), file).not.toContain(vcenterPassword);
    }
    expect(await kubectl(stage, "get", "bootimagepolicies,events,nodes", "-A", "-o", "json")).not.toContain(
      vcenterPassword,
    );
  });

  test("one session was enough, and none is left", async () => {
    const before = await vcenterCalls(stage);
    await stage.lab.controller?.stop();
    await until({ signal: stage.signal, what: "the controller's logout" }, async () => {
      const after = await vcenterCalls(stage);
      return (after.get("Logout") ?? 0) > (before.get("Logout") ?? 0);
    });
  });
});
