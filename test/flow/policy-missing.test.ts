// A missing admission policy: the controller says so wherever a person looks, goes on, and is content when it is back.
import { afterAll, beforeAll, expect, test } from "vitest";
import { admissionPolicies } from "../../common/annotations.ts";
import { machineSetTemplates, type Stage } from "../demo/stage.ts";
import type { KubeObject } from "../lab/api.ts";
import { startController } from "../lab/controller-program.ts";
import { until } from "../lab/until.ts";
import { bootImages } from "../lab/vsphere-objects.ts";
import { conditions, expectFailure, expectRecovery } from "./fault-stage.ts";
import { openStage } from "./open-stage.ts";

const root = "/apis/admissionregistration.k8s.io/v1";
const pathOf = (kind: string, name: string) => `${root}/${kind}/${name}`;
const condition = { type: "AdmissionPoliciesInstalled", status: "False" };
let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ nodes: false, controller: false });
  const { lab } = stage;
  const environment = { RESYNC_SECONDS: "3" };
  lab.controller = await startController({ ...lab, url: lab.controlPlane.url, environment });
  await until({ signal: stage.signal, what: "a first look at the policies" }, async () => {
    return (await conditions(stage)).get("AdmissionPoliciesInstalled")?.reason === "PoliciesInstalled";
  });
});
afterAll(async () => {
  await stage?.lab.controller?.stop();
  await stage?.lab.close();
});

/** As it was written, for the API server to take again. */
async function takeAway(path: string): Promise<KubeObject> {
  const { metadata, status: _, ...object } = (await stage.lab.api.get(path)) ?? expect.fail(`${path} is not there`);
  await stage.lab.api.remove(path);
  return { ...object, metadata: { name: metadata.name } };
}

async function said(remedy: RegExp): Promise<void> {
  await expectFailure(stage, { reason: "PolicyMissing", object: "BootImagePolicy/cluster", condition, remedy });
}

test("a binding that is gone is said, MachineSets are moved all the same, and all is well when it is back", async () => {
  const binding = await takeAway(pathOf("validatingadmissionpolicybindings", "bootwarden-agent"));
  await said(/ValidatingAdmissionPolicyBinding bootwarden-agent is missing\. Apply the manifests again/);
  await stage.lab.api.apply(bootImages("4.20.15", stage.lab.images[1]));
  await until({ signal: stage.signal, what: "MachineSets that are moved", within: 60_000 }, async () => {
    const templates = [...(await machineSetTemplates(stage)).values()];
    return templates.every((template) => template.endsWith(stage.lab.images[1].release));
  });
  await stage.lab.api.apply(binding);
  await recovered();
});

async function recovered(): Promise<void> {
  // The alarm goes a moment before the condition.
  await until({ signal: stage.signal, what: "policies that are installed" }, async () => {
    expect((await conditions(stage)).get(condition.type)).toMatchObject({
      status: "True",
      reason: "PoliciesInstalled",
    });
    return true;
  });
  await expectRecovery(stage);
}

test("a binding that only warns is no binding", async () => {
  const path = pathOf("validatingadmissionpolicybindings", "bootwarden-kubelet");
  await stage.lab.api.merge(path, { spec: { validationActions: ["Warn"] } });
  await said(/ValidatingAdmissionPolicyBinding bootwarden-kubelet does not deny/);
  await stage.lab.api.merge(path, { spec: { validationActions: ["Deny"] } });
  await recovered();
});

test("all policies that are gone are named at once", async () => {
  const objects: KubeObject[] = [];
  for (const name of admissionPolicies) objects.push(await takeAway(pathOf("validatingadmissionpolicies", name)));
  await said(new RegExp(admissionPolicies.map((name) => `ValidatingAdmissionPolicy ${name} is missing`).join(", ")));
  for (const object of objects) await stage.lab.api.apply(object);
  await recovered();
});
