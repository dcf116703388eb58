// The definitions of kinds that bootwarden's components use and the lab's own controllers do not: monitoring's and the Cloud Credential Operator's.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { z } from "zod";
import type { Api } from "./api.ts";
import { established, kubectlApply } from "./crds.ts";
import type { Ground } from "./ground.ts";
import { inheritedEnvironment } from "./settings.ts";

const directory = fileURLToPath(new URL("definitions", import.meta.url));
const module = "github.com/prometheus-operator/prometheus-operator";

/** Applies them, and waits until the API server serves them. */
export async function installDefinitions(ground: Ground, api: Api, kubeconfig: string): Promise<void> {
  const options = {
    cwd: directory,
    env: inheritedEnvironment(),
    extendEnv: false,
    cancelSignal: ground.signal,
    timeout: 300_000,
  };
  const { stdout } = await execa("go", ["mod", "download", "-json", module], options);
  const { Dir } = z.object({ Dir: z.string() }).parse(JSON.parse(stdout));
  const monitoring = ["servicemonitors", "prometheusrules"].map((plural) =>
    join(Dir, "example/prometheus-operator-crd", `monitoring.coreos.com_${plural}.yaml`),
  );
  const files = [...monitoring, join(directory, "credentialsrequests.crd.yaml")];
  await kubectlApply(
    ground,
    kubeconfig,
    files.flatMap((file) => ["-f", file]),
  );
  await established(ground, api);
}
