// The controller: keeps vSphere templates and MachineSets on the release's boot image, and judges every Node.
import { controllerName } from "../common/annotations.ts";
import { Bell } from "../common/bell.ts";
import { SettingsError } from "../common/environment.ts";
import { failureOf } from "../common/failure.ts";
import { serve } from "../common/http-server.ts";
import { ApiCredentialsError } from "../common/kube/kubeconfig.ts";
import { createLog, type Log } from "../common/log.ts";
import { keepAccount } from "./account.ts";
import { createAdmissionWatch } from "./admission-watch.ts";
import { createAlarmBell } from "./alarm-bell.ts";
import { type ClusterState, watchCluster } from "./cluster/cluster-state.ts";
import { createTell, type Tell } from "./cluster/event.ts";
import { createKube, type Kube } from "./cluster/kube.ts";
import { readKubeConfig } from "./cluster/kube-config.ts";
import { createMachineConfigs } from "./cluster/machine-configs.ts";
import { createUserData } from "./cluster/user-data.ts";
import { watchDatastores } from "./datastores.ts";
import type { Verdict } from "./decide/verdict.ts";
import { createKnownTemplates } from "./known-templates.ts";
import { createLateAnswers } from "./late-answers.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { keepMetricsClientCA } from "./metrics-client-ca.ts";
import { createNewcomers } from "./newcomers.ts";
import { createNoticeBoard } from "./notice-board.ts";
import { createRetirement } from "./retirement.ts";
import { createRollout, type RolloutParts } from "./rollout.ts";
import { readSettings, type Settings } from "./settings.ts";
import { createSweep } from "./sweep.ts";
import { createVCenters, type VCenters } from "./vcenters.ts";
import { createVerification } from "./verification.ts";

const version = "0.1.0";

/** EX_CONFIG of sysexits.h: a restart does not help, the settings have to be mended. */
const badConfiguration = 78;

async function run(settings: Settings, stop: AbortController): Promise<void> {
  const { signal } = stop;
  const log = createLog(controllerName, settings.logLevel);
  const metrics = createMetrics(version);
  const kube = createKube(readKubeConfig(settings.kubeconfig), controllerName, signal);
  const work = createWork({ settings, kube, metrics, log, signal });
  const { state, vcenters, rollout, verification, admission, account } = work;
  const ready = () => state.synced() && rollout.now() !== null;
  const { port } = await serve({ ...settings.serving, metrics: metrics.registry, ready, log, signal });
  log.info({ version, port }, "Started.");
  await together(stop, [
    state.run(),
    // Its end logs out of the vCenters at once: a watch that hangs must not keep a session open.
    rollout.run().finally(vcenters.close),
    verification.run(),
    keepAccount(account),
    watchDatastores({ rollout: rollout.now, visit: vcenters.visit, metrics, log, every: settings.resync, signal }),
    admission.run(),
    keepMetricsClientCA({ kube, log, signal, resync: settings.resync }),
  ]);
}

/** Resolves when all have ended. One that breaks asks the others to stop, so that they end in order; what broke first is thrown. */
async function together(stop: AbortController, loops: readonly Promise<void>[]): Promise<void> {
  const broken: unknown[] = [];
  const end = (error: unknown) => {
    broken.push(error);
    stop.abort();
  };
  await Promise.all(loops.map((loop) => loop.catch(end)));
  if (broken.length > 0) throw broken[0];
}

interface Ground {
  settings: Settings;
  kube: Kube;
  metrics: Metrics;
  log: Log;
  signal: AbortSignal;
}

/** The loops of the controller, and what each tells the others. */
function createWork({ settings, kube, metrics, log, signal }: Ground) {
  const [rolloutBell, accountBell] = [new Bell(), new Bell()];
  const state = watchCluster(kube, {
    templates: () => rolloutBell.ring(),
    nodes: (names) => verification.look(names),
    account: () => accountBell.ring(),
    log,
    signal,
  });
  const vcenters = createVCenters({ kube, state, log, signal });
  const tell = createTell(kube, log);
  const templates = createKnownTemplates();
  const shared = { kube, state, tell, metrics, log, signal, resync: settings.resync };
  const retirement = createRetirement({ ...shared, vcenters });
  const admission = createAdmissionWatch({ ...shared, changed: () => rolloutBell.ring() });
  const verdicts = new Map<string, Verdict>();
  const newcomers = createNewcomers({ state, verdicts, templateOf: templates.of, metrics });
  const rollout = createRollout({
    ...shared,
    newcomers,
    revertPause: settings.revertPause,
    retirement,
    admission,
    ...rolloutParts(shared, { vcenters, rolloutBell }),
    bell: rolloutBell,
    assessed: ({ survey }) => verification.look(templates.learn(survey) ? "all" : []),
    changed: () => accountBell.ring(),
  });
  const verification = createVerification({
    ...shared,
    machineConfigs: createMachineConfigs(kube, log),
    surveyed: () => rollout.now() !== null,
    templateOf: templates.of,
    verdicts,
    judged: () => {
      accountBell.ring();
      if (newcomers.look()) rolloutBell.ring();
    },
    confirmMismatch: settings.confirmMismatch,
  });
  // Before that, Nodes without a verdict would be told of as unknown.
  const told = () => (verification.complete() ? rollout.now() : null);
  const known = { rollout: told, verdicts, standing: retirement.standing, admission: admission.now };
  const account = { ...shared, ...known, sessions: vcenters.sessions, bell: accountBell };
  return { state, vcenters, rollout, verification, admission, account };
}

interface Shared extends Omit<Ground, "settings"> {
  state: ClusterState;
  tell: Tell;
  resync: number;
}

function rolloutParts(
  shared: Shared,
  { vcenters, rolloutBell }: { vcenters: VCenters; rolloutBell: Bell },
): Pick<RolloutParts, "vcenters" | "userData" | "late" | "sweep" | "raise" | "notify"> {
  const { tell, metrics } = shared;
  return {
    vcenters,
    userData: createUserData(shared),
    late: createLateAnswers({ answered: () => rolloutBell.ring() }),
    sweep: createSweep({ ...shared, vcenters }),
    raise: createAlarmBell({ tell, metrics }),
    notify: createNoticeBoard({ tell, metrics }),
  };
}

/** Milliseconds: the pod is killed 30 s after it was asked to stop. */
const lastExit = 25_000;
const stop = new AbortController();
let asked = false;
for (const name of ["SIGTERM", "SIGINT"] as const)
  process.on(name, () => {
    asked = true;
    stop.abort();
    setTimeout(() => process.exit(), lastExit).unref();
  });
try {
  await run(readSettings(), stop);
} catch (error) {
  if (!asked) {
    createLog(controllerName, "info").fatal({ reason: failureOf(error).reason }, failureOf(error).message);
    process.exitCode = error instanceof SettingsError || error instanceof ApiCredentialsError ? badConfiguration : 1;
  }
}
process.exit();
