// The controller: keeps vSphere templates and MachineSets on the release's boot image, and judges every Node.
import { controllerName } from "../common/annotations.ts";
import { Bell } from "../common/bell.ts";
import { failureOf } from "../common/failure.ts";
import { serve } from "../common/http-server.ts";
import { ApiCredentialsError } from "../common/kube/kubeconfig.ts";
import { createLog } from "../common/log.ts";
import { keepAccount } from "./account.ts";
import { createAlarmBell } from "./alarm-bell.ts";
import { watchCluster } from "./cluster/cluster-state.ts";
import { createTell } from "./cluster/event.ts";
import { createKube } from "./cluster/kube.ts";
import { readKubeConfig } from "./cluster/kube-config.ts";
import { createMachineConfigs } from "./cluster/machine-configs.ts";
import { createMetrics } from "./metrics.ts";
import { createRollout } from "./rollout.ts";
import { readSettings, type Settings, SettingsError } from "./settings.ts";
import { createVCenters } from "./vcenters.ts";
import { createVerification } from "./verification.ts";

const version = "0.1.0";

/** EX_CONFIG of sysexits.h: a restart does not help, the settings have to be mended. */
const badConfiguration = 78;

async function run(settings: Settings, signal: AbortSignal): Promise<void> {
  const log = createLog(controllerName, settings.logLevel);
  const metrics = createMetrics(version);
  const kube = createKube(readKubeConfig(settings.kubeconfig), controllerName, signal);
  const [rolloutBell, nodesBell, accountBell] = [new Bell(), new Bell(), new Bell()];
  const changed = () => {
    rolloutBell.ring();
    nodesBell.ring();
    accountBell.ring();
  };
  const state = watchCluster(kube, { changed, log, signal });
  const vcenters = createVCenters({ kube, state, log, signal });
  const tell = createTell(kube, log);
  const shared = { kube, state, tell, metrics, log, signal, resync: settings.resync };
  const rollout = createRollout({
    ...shared,
    vcenters,
    raise: createAlarmBell({ tell, metrics }),
    bell: rolloutBell,
    changed: () => {
      nodesBell.ring();
      accountBell.ring();
    },
  });
  const verification = createVerification({
    ...shared,
    machineConfigs: createMachineConfigs(kube),
    templateOf: rollout.templateOf,
    bell: nodesBell,
    judged: () => accountBell.ring(),
    confirmMismatch: settings.confirmMismatch,
  });
  const account = { ...shared, bell: accountBell, rollout: rollout.now, verdicts: verification.verdicts };
  const ready = () => state.synced() && rollout.now() !== null;
  const { port } = await serve({ listen: settings.listen, metrics: metrics.registry, ready, signal });
  log.info({ version, port }, "started");
  try {
    await Promise.all([state.run(), rollout.run(), verification.run(), keepAccount(account)]);
  } finally {
    await vcenters.close();
  }
}

const stop = new AbortController();
for (const name of ["SIGTERM", "SIGINT"] as const) process.on(name, () => stop.abort());
try {
  await run(readSettings(), stop.signal);
} catch (error) {
  if (!stop.signal.aborted) {
    createLog(controllerName, "info").fatal({ reason: failureOf(error).reason }, failureOf(error).message);
    process.exitCode = error instanceof SettingsError || error instanceof ApiCredentialsError ? badConfiguration : 1;
  }
}
process.exit();
