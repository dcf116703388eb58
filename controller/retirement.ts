// The retirement of old templates: one after the other, each decided anew from what the API server says right before it goes.
import { Failure, failureOf } from "../common/failure.ts";
import type { Log } from "../common/log.ts";
import type { Owner } from "./apply/ownership.ts";
import { retireTemplate } from "./apply/retire.ts";
import type { Assessment } from "./assessment.ts";
import type { ClusterState } from "./cluster/cluster-state.ts";
import type { Tell } from "./cluster/event.ts";
import { aboutPolicy } from "./cluster/involved.ts";
import type { Policy } from "./cluster/policy-object.ts";
import { presentReferrers, type SeenReferrers, watchedReferrers } from "./cluster/referrers.ts";
import type { Alarm } from "./decide/alarms.ts";
import { machineTest } from "./decide/machine-identity.ts";
import type { Plan } from "./decide/plan.ts";
import { type KeptTemplate, retirement } from "./decide/retirement.ts";
import { isTimeToRetire } from "./decide/retirement-time.ts";
import type { Step } from "./decide/steps.ts";
import { templateReferences } from "./decide/template-reference.ts";
import { createFailures, type Failed, type Failures } from "./failures.ts";
import type { OurTemplate } from "./findings.ts";
import type { Metrics } from "./metrics.ts";
import type { VCenters } from "./vcenters.ts";

/** It is not known who names templates: ObjectUnreadable. */
class RetirementError extends Failure {}

export interface RetirementParts {
  state: ClusterState;
  vcenters: Pick<VCenters, "use" | "drop">;
  tell: Tell;
  metrics: Pick<Metrics, "startStep">;
  log: Log;
  signal: AbortSignal;
}

/** A template of ours that is there, and who in the cluster names it. */
interface StandingTemplate {
  server: string;
  path: string;
  release: string;
  inUseBy: string[];
}

export interface Retirement {
  /** Retires what may go, if no step is to be taken or is `running`; a failure is remembered, not thrown. */
  pass: (assessment: Assessment, plan: Pick<Plan, "machineSets" | "steps">, running: readonly Step[]) => Promise<void>;
  /** Of the last pass: all templates of ours that are still there. */
  standing: () => readonly StandingTemplate[];
  alarms: () => Alarm[];
  /** Milliseconds until a failed removal is rested; null when none rests. */
  nextTry: () => number | null;
}

interface Memory {
  failures: Failures;
  standing: StandingTemplate[];
}

/** The subject of failures to know who names templates. */
const lists = "lists";

export function createRetirement(parts: RetirementParts): Retirement {
  const memory: Memory = { failures: createFailures(), standing: [] };
  return {
    pass: (assessment, { machineSets, steps }, running) =>
      pass(parts, memory, { assessment, plan: { machineSets, steps: [...running, ...steps] } }),
    standing: () => memory.standing,
    alarms: () => [...memory.failures.known()].map(([of, failed]) => alarmOf(failed, of)),
    nextTry: memory.failures.nextTry,
  };
}

function alarmOf({ reason, message }: Failed, of: string): Alarm {
  return { kind: "BootImagePolicy", name: "cluster", reason, message, of };
}

async function pass(
  parts: RetirementParts,
  memory: Memory,
  seen: { assessment: Assessment; plan: Pick<Plan, "machineSets" | "steps"> },
) {
  const { failures } = memory;
  const { assessment, plan } = seen;
  const { target, planInput } = assessment;
  const referrers = watchedReferrers(parts.state);
  const { retire, kept } = decide(assessment, referrers, assessment.policy);
  memory.standing = standing([...retire.map((template) => ({ template, by: [] })), ...kept]);
  const isTime = isTimeToRetire({ ...plan, mode: planInput.mode, target, failed: assessment.failed });
  const doubtful = isTime && kept.some(({ why }) => why === "Unread");
  const due = isTime ? retire : [];
  failures.concern(assessment.concern);
  failures.keep(new Set([...due.map(subjectOf), ...(doubtful ? [lists] : [])]));
  if (doubtful) failures.add([lists], failureOf(unread(referrers)));
  for (const template of due) {
    if (parts.signal.aborted) return;
    if (!failures.resting(subjectOf(template))) await attempt(parts, memory, { assessment, template });
  }
}

function standing(all: readonly Pick<KeptTemplate<OurTemplate>, "template" | "by">[]): StandingTemplate[] {
  return all
    .filter(({ template }) => template.isTemplate)
    .map(({ template: { server, path, release }, by }) => ({ server, path, release, inUseBy: by }));
}

function subjectOf({ server, path }: Pick<OurTemplate, "server" | "path">): string {
  return `${server} ${path}`;
}

function decide({ survey, images }: Assessment, referrers: SeenReferrers, policy: Policy | undefined) {
  return retirement({
    templates: survey.ours,
    targets: images.map(({ release }) => release),
    retain: policy?.template.retain ?? Number.POSITIVE_INFINITY,
    references: templateReferences(referrers),
    unread: referrers.unread,
  });
}

function unread(referrers: SeenReferrers): RetirementError {
  const message = `${referrers.unread.join("; ")}: until that is mended no old template is removed.`;
  return new RetirementError("ObjectUnreadable", message);
}

interface Due {
  assessment: Assessment;
  template: OurTemplate;
}

/** Takes it away, if everything still allows it, or remembers the failure. */
async function attempt(parts: RetirementParts, memory: Memory, due: Due): Promise<void> {
  const { failures } = memory;
  const { server, path, release } = due.template;
  const stop = parts.metrics.startStep("Retire", server);
  try {
    if (!(await retire(parts, due))) return;
    stop("Success");
    failures.clear(subjectOf(due.template));
    memory.standing = memory.standing.filter((one) => one.server !== server || one.path !== path);
    const message = `Template ${path} of ${release} at vCenter ${server} was removed: it is old, and nothing names it.`;
    const { policy } = due.assessment;
    if (policy !== undefined)
      await parts.tell(aboutPolicy(policy), { type: "Normal", reason: "TemplateRetired", message });
  } catch (error) {
    const { reason, message } = failureOf(error);
    stop(reason);
    if (reason === "SessionLost") await parts.vcenters.drop(server);
    if (parts.signal.aborted) return;
    const said = `Template ${path} at vCenter ${server} was not removed: ${message}`;
    parts.log.error({ template: path, server, reason }, said);
    failures.add([subjectOf(due.template)], { reason, message: said });
  }
}

/**
 * False if it may not go any more. What was watched may be behind, and the way to vCenter may take its time: so the lists are read
 * again when all else is done. Throws KubeError, RetirementError, AccountError and VimFault.
 */
async function retire(parts: RetirementParts, due: Due): Promise<boolean> {
  const { vcenters, log } = parts;
  const { assessment, template } = due;
  const gone = await vcenters.use(template.server, assessment.policy, (session) =>
    retireTemplate(session, template, () => presentOwner(parts, due)),
  );
  if (!gone)
    log.info({ server: template.server, path: template.path }, "An old template stays: something has changed.");
  return gone;
}

/** Who owns templates, by what the API server says now; null if it keeps this one. */
async function presentOwner({ state }: RetirementParts, { assessment, template }: Due): Promise<Owner | null> {
  const [referrers, policies] = await Promise.all([presentReferrers(state), state.policies.readAll()]);
  if (referrers.unread.length > 0) throw unread(referrers);
  const policy = policies.items.get("cluster");
  const mayStill = policy?.mode === "Manage" && decide(assessment, referrers, policy).retire.includes(template);
  return mayStill ? { ...assessment.owner, isMachine: machineTest(referrers.machines) } : null;
}
