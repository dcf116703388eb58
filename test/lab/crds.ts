// The definitions of the lab that the API server has to take in: OpenShift's CRDs, and bootwarden's own manifests.
import { join } from "node:path";
import { execa } from "execa";
import { nodeLabels } from "../../common/annotations.ts";
import type { Api } from "./api.ts";
import type { Ground } from "./ground.ts";
import { LabError } from "./lab-error.ts";
import { inheritedEnvironment } from "./settings.ts";
import { until } from "./until.ts";

/** `kubectl apply --server-side` of a file, a directory or (with `kustomize`) a kustomization. */
export async function kubectlApply(ground: Ground, kubeconfig: string, commandLine: string[]): Promise<void> {
  await execa(
    "kubectl",
    ["--kubeconfig", kubeconfig, "apply", "--server-side", "--field-manager=lab", "--force-conflicts", ...commandLine],
    { env: inheritedEnvironment(), extendEnv: false, cancelSignal: ground.signal, timeout: 120_000 },
  );
}

/** Applies OpenShift's CRDs and waits until the API server serves them. */
export async function installCrds(ground: Ground, api: Api, kubeconfig: string): Promise<void> {
  await kubectlApply(ground, kubeconfig, ["-f", join(ground.binaries, "crds")]);
  await established(ground, api);
}

/** Waits until every CRD of the API server is served. */
export async function established(ground: Ground, api: Api): Promise<void> {
  await until({ signal: ground.signal, what: "CRDs established" }, async () => {
    const crds = await api.list("/apis/apiextensions.k8s.io/v1/customresourcedefinitions");
    return crds.every((crd) => JSON.stringify(crd.status ?? {}).includes('"type":"Established"'));
  });
}

/** Waits until bootwarden's admission policies hold: the API server takes a second to load them. */
export async function policiesHold(ground: Ground, api: Api): Promise<void> {
  const name = "policy-probe";
  const labels = { [nodeLabels.verdict]: "Verified" };
  await until({ signal: ground.signal, what: "admission policies in force" }, async () => {
    const probe = { apiVersion: "v1", kind: "Node", metadata: { name, labels } };
    return await api
      .asKubelet(name)
      .send("POST", "/api/v1/nodes?dryRun=All", probe)
      .then(
        () => false,
        (error: unknown) => error instanceof LabError && error.message.includes("bootwarden-kubelet"),
      );
  });
}
