// The Machine API of the lab: OpenShift's machineset, vsphere and nodelink controllers, with their admission webhooks.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { request } from "undici";
import type { Api, KubeObject } from "./api.ts";
import { type Child, startChild } from "./child.ts";
import { freePort } from "./free-port.ts";
import type { Ground } from "./ground.ts";
import { storeOldMachineSet } from "./old-machine-set.ts";
import { until } from "./until.ts";

interface Cluster {
  kubeconfig: string;
  /** A MachineSet from before there were webhooks. */
  old: KubeObject | undefined;
}

/** Starts the three controllers; resolves when the webhooks answer. */
export async function startMachineApi(ground: Ground, api: Api, { kubeconfig, old }: Cluster): Promise<Child[]> {
  const webhookPort = await freePort();
  const certificates = join(ground.directory, "webhook");
  await mkdir(certificates);
  const { certificate, key } = await ground.authority.issue("machine-api-webhook");
  await writeFile(join(certificates, "tls.crt"), certificate);
  await writeFile(join(certificates, "tls.key"), key, { mode: 0o600 });
  const children = [
    await controller(ground, kubeconfig, {
      binary: "machineset",
      arguments: [`-webhook-port=${webhookPort}`, `-webhook-cert-dir=${certificates}`],
    }),
    await controller(ground, kubeconfig, { binary: "vsphere", arguments: [] }),
    await controller(ground, kubeconfig, { binary: "nodelink-controller", arguments: [] }),
  ];
  await until({ signal: ground.signal, what: "webhooks of the Machine API", within: 60_000 }, async () => {
    const { body } = await request(`https://127.0.0.1:${webhookPort}/`, { dispatcher: ground.dispatcher });
    await body.dump();
    return true;
  });
  if (old !== undefined) await storeOldMachineSet(ground, api, old);
  for (const object of webhooks(ground, webhookPort)) await api.apply(object);
  return children;
}

async function controller(
  ground: Ground,
  kubeconfig: string,
  { binary, arguments: extra }: { binary: string; arguments: string[] },
): Promise<Child> {
  // nodelink-controller serves nothing and refuses the flags of those that do.
  const addresses =
    binary === "nodelink-controller"
      ? []
      : [`-health-addr=127.0.0.1:${await freePort()}`, `-metrics-bind-address=127.0.0.1:${await freePort()}`];
  return startChild({
    name: binary === "vsphere" ? "vsphere-machine-controller" : binary,
    command: join(ground.binaries, binary),
    arguments: [
      `-kubeconfig=${kubeconfig}`,
      "-leader-elect=false",
      "-namespace=openshift-machine-api",
      ...addresses,
      ...extra,
    ],
    environment: { SSL_CERT_FILE: ground.caFile },
    logFile: join(ground.logs, `${binary}.log`),
    signal: ground.signal,
  });
}

function webhooks(ground: Ground, port: number): KubeObject[] {
  const caBundle = Buffer.from(ground.authority.certificate).toString("base64");
  const rules = (plural: string) => [
    {
      apiGroups: ["machine.openshift.io"],
      apiVersions: ["v1beta1"],
      operations: ["CREATE", "UPDATE"],
      resources: [plural],
    },
  ];
  const webhook = (verb: "mutate" | "validate", singular: string) => ({
    name: `${verb}.${singular}.machine.openshift.io`,
    clientConfig: { url: `https://127.0.0.1:${port}/${verb}-machine-openshift-io-v1beta1-${singular}`, caBundle },
    rules: rules(`${singular}s`),
    admissionReviewVersions: ["v1"],
    sideEffects: "None",
    failurePolicy: "Fail",
    matchPolicy: "Equivalent",
  });
  return (["mutate", "validate"] as const).map((verb) => ({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: verb === "mutate" ? "MutatingWebhookConfiguration" : "ValidatingWebhookConfiguration",
    metadata: { name: "machine-api" },
    webhooks: [webhook(verb, "machineset"), webhook(verb, "machine")],
  }));
}
