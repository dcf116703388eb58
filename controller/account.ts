// The account: what the controller knows, written into the policy's status and the metrics when it changed.
import { backoff } from "../common/backoff.ts";
import type { Bell } from "../common/bell.ts";
import { pause } from "../common/deadline.ts";
import { failureOf } from "../common/failure.ts";
import type { Log } from "../common/log.ts";
import type { AdmissionWatch } from "./admission-watch.ts";
import type { ClusterState } from "./cluster/cluster-state.ts";
import type { Kube } from "./cluster/kube.ts";
import type { Policy } from "./cluster/policy-object.ts";
import { nodesSummary } from "./decide/node-summary.ts";
import { templatePath } from "./decide/place.ts";
import { policyStatus, type TemplateInMaking } from "./decide/policy-status.ts";
import { templateStandings } from "./decide/template-standing.ts";
import type { Verdict } from "./decide/verdict.ts";
import { mergePatch } from "./merge-patch.ts";
import type { Metrics } from "./metrics.ts";
import type { Retirement } from "./retirement.ts";
import type { RolloutState } from "./rollout.ts";
import type { RunningStep } from "./running-steps.ts";
import type { VCenters } from "./vcenters.ts";

export interface AccountParts {
  kube: Kube;
  state: ClusterState;
  metrics: Metrics;
  log: Log;
  bell: Bell;
  rollout: () => RolloutState | null;
  standing: Retirement["standing"];
  admission: AdmissionWatch["now"];
  verdicts: ReadonlyMap<string, Verdict>;
  sessions: VCenters["sessions"];
  signal: AbortSignal;
}

const unjudged: Pick<Verdict, "verdict" | "bootImage"> = { verdict: "Unknown", bootImage: null };

/** Fast enough for a person who watches an import, slow enough for the API server. */
const pace = 1_000;
/** Milliseconds between tries where the API server does not take it. */
const retry = { first: 1_000, most: 60_000 };

/** Runs until the signal. */
export async function keepAccount(parts: AccountParts): Promise<void> {
  let failures = 0;
  while (!parts.signal.aborted) {
    await parts.bell.heard(parts.signal, failures === 0 ? 60_000 : backoff(failures, retry));
    if (parts.signal.aborted) return;
    const rollout = parts.rollout();
    if (rollout !== null) failures = (await account(parts, rollout)) ? 0 : failures + 1;
    await pause(parts.signal, pace);
  }
}

/** False if it could not be written. */
async function account(parts: AccountParts, rollout: RolloutState): Promise<boolean> {
  const { metrics, verdicts } = parts;
  const { images, survey } = rollout.assessment;
  // The policy as it is now, not as it was when the pass began: its conditions are what is merged into.
  const policy = parts.state.policies.items.get("cluster");
  metrics.nodes(verdicts);
  metrics.machineSets(
    rollout.plan.machineSets,
    images.map(({ release }) => release),
  );
  const sessions = parts.sessions();
  metrics.vcenters(
    survey.vcenters.map(({ server, failure }) => {
      return { server, failure, unverified: isUnverified(policy, server), sessions: sessions.get(server) ?? 0 };
    }),
  );
  metrics.templates(templateStandings(rollout.assessment.planInput.machineSets));
  const present = statusOf(parts, rollout, policy);
  metrics.conditions(present.conditions);
  if (policy === undefined) return true;
  const status = mergePatch(policy.status, present);
  if (status === undefined) return true;
  const path = `/apis/bootwarden.io/v1alpha1/bootimagepolicies/${policy.name}/status`;
  try {
    await parts.kube.patch(path, "merge-patch", { status });
    return true;
  } catch (error) {
    if (!parts.signal.aborted)
      parts.log.warn(failureOf(error), "The policy's status could not be written; tried again.");
    return false;
  }
}

function statusOf(parts: AccountParts, rollout: RolloutState, policy: Policy | undefined) {
  const { state, standing, verdicts } = parts;
  const { assessment, plan, brake } = rollout;
  const { target, images, survey, clusterVersion, managersSaid, platform, controlPlane } = assessment;
  const bootImages = new Map<string, string[]>();
  for (const { machineSet, node } of state.machines.items.values()) {
    const bootImage = verdicts.get(node ?? "")?.bootImage;
    if (machineSet === undefined || bootImage == null) continue;
    const own = bootImages.get(machineSet);
    if (own === undefined) bootImages.set(machineSet, [bootImage]);
    else own.push(bootImage);
  }
  return policyStatus({
    generation: policy?.generation ?? 0,
    conditions: policy?.status.conditions ?? [],
    mode: assessment.planInput.mode,
    target,
    images,
    machineSets: plan.machineSets,
    contests: plan.contests,
    rollout: brake,
    wanted: plan.wanted,
    platform,
    controlPlane,
    nodes: nodesSummary([...state.nodes.items.keys()].map((name) => verdicts.get(name) ?? unjudged)),
    troubled: troubled(verdicts),
    vcenters: survey.vcenters.map((one) => ({ ...one, unverified: isUnverified(policy, one.server) })),
    clusterVersion,
    managersSaid,
    admission: parts.admission(),
    templates: assessment.planInput.templates,
    providers: assessment.planInput.machineSets.map(({ facts }) => facts),
    making: rollout.running.flatMap((one) => inMaking(one) ?? []),
    retained: standing(),
    replaced: survey.replaced,
    bootImages,
    now: new Date().toISOString(),
  });
}

function isUnverified(policy: Policy | undefined, server: string): boolean {
  return policy?.vcenters.find((one) => one.server === server)?.insecureSkipVerify ?? false;
}

/** In the order of their names, so that the same trouble gives the same words. */
function troubled(verdicts: ReadonlyMap<string, Verdict>) {
  return [...verdicts]
    .filter(([, { verdict }]) => verdict === "Mismatch" || verdict === "Unknown")
    .map(([name, { reason }]) => ({ name, reason }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function inMaking({ step, progress, bytesPerSecond }: RunningStep): TemplateInMaking | null {
  if (step.kind === "Move") return null;
  const known = progress?.bytesTotal != null;
  return {
    server: step.place.server,
    path: templatePath(step.place, step.name),
    // A clone may have become an upload.
    state: progress?.stage ?? (step.kind === "Import" ? "Importing" : "Cloning"),
    bytesDone: known ? progress.bytesDone : null,
    bytesTotal: known ? progress.bytesTotal : null,
    bytesPerSecond,
  };
}
