// The uninstall program: what the Job of manifests/components/uninstall runs, once.
import { uninstallName } from "../common/annotations.ts";
import { SettingsError } from "../common/environment.ts";
import { failureOf } from "../common/failure.ts";
import { ApiCredentialsError } from "../common/kube/kubeconfig.ts";
import { createLog } from "../common/log.ts";
import { createKube } from "./cluster/kube.ts";
import { readKubeConfig } from "./cluster/kube-config.ts";
import { readSettings } from "./settings.ts";
import { uninstall } from "./uninstallation.ts";

/** EX_CONFIG of sysexits.h: a restart does not help, the settings have to be mended. */
const badConfiguration = 78;
const stop = new AbortController();
for (const name of ["SIGTERM", "SIGINT"] as const) process.on(name, () => stop.abort());
try {
  const { kubeconfig, logLevel } = readSettings();
  const kube = createKube(readKubeConfig(kubeconfig), uninstallName, { signal: stop.signal });
  await uninstall({ kube, log: createLog(uninstallName, logLevel), signal: stop.signal });
} catch (error) {
  createLog(uninstallName, "info").fatal({ reason: failureOf(error).reason }, failureOf(error).message);
  process.exitCode = error instanceof SettingsError || error instanceof ApiCredentialsError ? badConfiguration : 1;
}
process.exit();
