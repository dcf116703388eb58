// The rights of the shipped roles: in a whole flow, by the API server's audit log, each is used, and none is missing.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentName, controllerName, namespace, vcenterSecret } from "../../common/annotations.ts";
import type { Stage } from "../demo/stage.ts";
import { story } from "../demo/story.ts";
import { vcenterPassword, vcenterUser } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { builtManifests } from "../manifests/built.ts";
import { conditions } from "./fault-stage.ts";
import { openStage } from "./open-stage.ts";
import { grantedRights } from "./rights/granted.ts";
import { type Right, told } from "./rights/right.ts";
import { covers, type Used, usedRights } from "./rights/used.ts";

/** Rights that the flow does not use, each with the reason why it is granted all the same. */
const exceptions: Record<string, string> = {
  "get secrets worker-user-data-managed in openshift-machine-api":
    "MachineSets name either the installer's user data, as those of the flow do, or the Machine Config Operator's.",
};

const manifests = await builtManifests();
const used = new Map<string, Used[]>();
let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ imageMiB: 4 });
  await ownAccount();
  await trustedCA();
  for (const { play } of story) await play(stage);
  // It gives its lease back.
  await stage.lab.controller?.stop("SIGTERM");
  for (const name of [agentName, controllerName])
    used.set(name, await usedRights(stage.lab.controlPlane.auditLog, { namespace, name }));
}, 300_000);
afterAll(() => stage?.lab.close());

/** The policy names an account of bootwarden's own. */
async function ownAccount(): Promise<void> {
  const { api, vcenter } = stage.lab;
  const credentialsSecret = { name: vcenterSecret, namespace };
  await api.apply({
    apiVersion: "v1",
    kind: "Secret",
    metadata: credentialsSecret,
    stringData: { [`${vcenter.server}.username`]: vcenterUser, [`${vcenter.server}.password`]: vcenterPassword },
  });
  const caBundle = { name: "lab-ca", namespace, key: "ca-bundle.crt" };
  await until({ signal: stage.signal, what: "a look with the MachineSets' account" }, async () => {
    return (await conditions(stage)).get("VCentersReachable")?.reason === "AllReachable";
  });
  await api.merge("/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster", {
    spec: { vcenters: [{ server: vcenter.server, caBundle, credentialsSecret }] },
  });
}

/** The cluster has a proxy for nothing, and a CA of its own. */
async function trustedCA(): Promise<void> {
  const { api, ground } = stage.lab;
  await api.apply({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { namespace: "openshift-config-managed", name: "trusted-ca-bundle" },
    data: { "ca-bundle.crt": ground.authority.certificate },
  });
  await api.apply({
    apiVersion: "config.openshift.io/v1",
    kind: "Proxy",
    metadata: { name: "cluster" },
    spec: { trustedCA: { name: "user-ca-bundle" } },
  });
}

describe.each([agentName, controllerName])("%s", (name) => {
  const granted = grantedRights(manifests, { namespace, name });
  const asked = () => used.get(name) ?? [];

  test("asks for nothing that it may not", () => {
    expect(asked().length).toBeGreaterThan(1);
    expect(
      asked()
        .filter(({ allowed }) => !allowed)
        .map(told),
    ).toEqual([]);
    // What another role gave it, OpenShift's own for instance, it would not have elsewhere.
    expect(
      asked()
        .filter((one) => !granted.some((right) => covers(right, one)))
        .map(told),
    ).toEqual([]);
  });

  test("has no right that it does not use", () => {
    expect(granted.length).toBeGreaterThan(1);
    const unused = granted.filter((right: Right) => !asked().some((one) => covers(right, one))).map(told);
    expect(unused).toEqual(granted.map(told).filter((right) => right in exceptions));
  });
});

test("each exception is of a right that is granted", () => {
  const granted = [agentName, controllerName].flatMap((name) => grantedRights(manifests, { namespace, name }));
  expect(Object.keys(exceptions).filter((right) => !granted.map(told).includes(right))).toEqual([]);
});
