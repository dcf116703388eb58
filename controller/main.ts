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
import { createElection } from "./election.ts";
import { createKnownTemplates } from "./known-templates.ts";
import { createLateAnswers } from "./late-answers.ts";
import type { Leader } from "./leader.ts";
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
  const config = readKubeConfig(settings.kubeconfig);
  const leader = createElection({ times: settings.lease, config, leads: metrics.leads, log, stop, exit });
  let isWarm = () => false;
  const ready = () => (leader.role() === "Leader" ? isWarm() : leader.role() === "Follower");
  const { port } = await serve({ ...settings.serving, metrics: metrics.registry, ready, log, signal });
  log.info({ version, port }, "Started.");
  // A follower watches nothing but the lease: to list all anew takes seconds, and to keep 5,000 Nodes twice takes memory for good.
  await leader.term(async () => {
    const { permit } = leader;
    const kube = createKube(config, controllerName, { signal, permit });
    const work = createWork({ settings, kube, permit, metrics, log, signal });
    isWarm = () => work.state.synced() && work.rollout.now() !== null;
    await act({ settings, kube, metrics, log, stop }, work);
  });
}

interface Acting extends Pick<Ground, "settings" | "kube" | "metrics" | "log"> {
  stop: AbortController;
}

async function act({ settings, kube, metrics, log, stop }: Acting, work: ReturnType<typeof createWork>): Promise<void> {
  const { state, vcenters, rollout, verification, admission, account } = work;
  const { signal } = stop;
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

/** After a loss: what still is to be cleaned up is left to the next leader. */
function exit(): void {
  process.exit(1);
}

interface Ground {
  settings: Settings;
  kube: Kube;
  /** Throws where nothing may be sent any more. */
  permit: Leader["permit"];
  metrics: Metrics;
  log: Log;
  signal: AbortSignal;
}

/** The loops of the controller, and what each tells the others. */
function createWork({ settings, kube, permit, metrics, log, signal }: Ground) {
  const [rolloutBell, accountBell] = [new Bell(), new Bell()];
  const state = watchCluster(kube, {
    templates: () => rolloutBell.ring(),
    nodes: (names) => verification.look(names),
    account: () => accountBell.ring(),
    log,
    signal,
  });
  const vcenters = createVCenters({ kube, state, log, signal, permit });
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

interface Shared extends Omit<Ground, "settings" | "permit"> {
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
