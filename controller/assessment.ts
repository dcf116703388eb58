// The assessment: what the cluster and the vCenters say at one moment, in the form that the plan wants.
import type { Owner } from "./apply/ownership.ts";
import type { ClusterState } from "./cluster/cluster-state.ts";
import type { readControlPlaneMachineSet } from "./cluster/control-plane-machine-set.ts";
import type { MachineSetObject } from "./cluster/machine-objects.ts";
import type { Policy } from "./cluster/policy-object.ts";
import type { ClusterProxy } from "./cluster/proxy-object.ts";
import type { UserData } from "./cluster/user-data.ts";
import { type ClusterFacts, clusterFacts } from "./cluster-facts.ts";
import { architectureOf } from "./decide/architecture.ts";
import { type BootImageTarget, isImported, isSameImage } from "./decide/boot-image.ts";
import { type ControlPlane, controlPlane } from "./decide/control-plane.ts";
import { type Decision, decided } from "./decide/decision.ts";
import { machineTest } from "./decide/machine-identity.ts";
import type { VSphereProvider } from "./decide/machine-set.ts";
import { manager } from "./decide/manager.ts";
import { osStream } from "./decide/os-stream.ts";
import { placeOf } from "./decide/place.ts";
import type { PlanInput } from "./decide/plan.ts";
import { type Platform, platform } from "./decide/platform.ts";
import { usualUserData } from "./decide/user-data.ts";
import type { Question } from "./findings.ts";
import { foundPrestaged, prestagedNames } from "./prestaged-templates.ts";
import { namedBy, type Survey, survey, type Ways } from "./survey.ts";
import type { VCenters } from "./vcenters.ts";

export interface Assessor {
  state: ClusterState;
  userData: UserData;
  late: Ways["late"];
}

export interface Assessment {
  policy: Policy | undefined;
  proxy: ClusterProxy | undefined;
  /** Of the default stream. */
  target: Decision<BootImageTarget>;
  /** Those that MachineSets of ours are to have, and the target: one, where all follow one stream. */
  images: BootImageTarget[];
  clusterVersion: string | null;
  managersSaid: boolean;
  platform: Platform;
  controlPlane: ControlPlane | null;
  owner: Owner;
  survey: Survey;
  planInput: Omit<PlanInput, "failures" | "contests" | "halted" | "revertPause">;
  machineSets: MachineSetObject[];
  /** Whether a vCenter, or the API server for a Secret, could not be asked. */
  failed: boolean;
  /** All that a failed step may have failed of, as text: when it changes, failures are forgiven. */
  concern: string;
}

/** Reads, asks the vCenters, decides; changes nothing. */
export async function assess(assessor: Assessor, vcenters: VCenters): Promise<Assessment> {
  const { state, userData, late } = assessor;
  const readAt = Date.now();
  const facts = clusterFacts(state);
  const { policy } = facts;
  const machines = [...state.machines.items.values()];
  const masters = [...state.controlPlaneMachineSets.items.values()];
  const inputs = [...state.machineSets.items.values()].map((object) => ({ object, ...machineSetInput(object, facts) }));
  const ours = inputs.filter(({ manager }) => manager.managedBy === "Bootwarden");
  const owner = { infrastructureName: facts.infrastructureName, isMachine: machineTest(machines) };
  const concern = concernOf(facts, inputs);
  const named = [...inputs.map(({ object }) => object), ...machines, ...masters].flatMap(templateOf);
  const question = { owner, named: [...named, ...ours.flatMap(prestagedNames)], wanted: ours.flatMap(wantedBy) };
  const [seen] = await Promise.all([
    survey(question, { visit: (server) => vcenters.visit(server, policy), drop: vcenters.drop, late }),
    userData.learn(new Set(ours.map(userDataOf)), wordsOf(facts, ours)),
  ]);
  await vcenters.keepOnly(new Set(seen.vcenters.map(({ server }) => server)));
  return {
    ...facts,
    images: imagesOf([facts, ...ours]),
    platform: platform(facts),
    controlPlane: controlPlaneOf(masters[0], seen, facts),
    owner,
    survey: seen,
    machineSets: inputs.map(({ object }) => object),
    failed: userData.failed() || seen.vcenters.some(({ failure }) => failure !== null),
    concern,
    planInput: {
      ...planInputOf(facts, seen, { inputs, userData }),
      now: readAt,
      unreadable: new Map([...state.machineSets.unreadable].map(([key, why]) => [key.replace(/^.*\//, ""), why])),
    },
  };
}

type Input = ReturnType<typeof machineSetInput> & { object: MachineSetObject };

function planInputOf(
  { policy, infrastructureName }: ClusterFacts,
  seen: Survey,
  { inputs, userData }: { inputs: readonly Input[]; userData: Assessor["userData"] },
) {
  const machineSets = inputs.map(({ object: { writtenBy }, ...input }) => ({
    ...input,
    writtenBy,
    templateNow: now(seen, input.facts),
    prestaged: foundPrestaged(input, seen),
    userData: userData.of(userDataOf(input)),
  }));
  const prestaged = machineSets.flatMap(({ prestaged: found }) => (found?.ok ? [found.value] : []));
  return {
    mode: policy?.mode ?? "Observe",
    infrastructureName,
    templates: [...seen.templates, ...prestaged],
    taken: seen.taken,
    machineSets,
  };
}

function userDataOf({ facts: { provider } }: Pick<Input, "facts">): string {
  return provider?.userDataSecret || usualUserData;
}

/** A template that an admin has made is not looked for under our names. */
function wantedBy({ place, target }: Input): Question["wanted"] {
  if (!place.ok) return [];
  return [{ place: place.value, image: target.ok && isImported(target.value) ? target.value : null }];
}

function concernOf({ refusal, policy, proxy }: ClusterFacts, inputs: readonly Input[]): string {
  const wants = inputs.map(({ target, facts }) => [target, facts.provider]);
  return JSON.stringify([refusal, policy?.generation, proxy, wants]);
}

/** What a person may have changed: then Secrets are looked at again that may have been changed with it. */
function wordsOf({ policy }: ClusterFacts, inputs: readonly Input[]): string {
  return JSON.stringify([policy?.generation, inputs.map(({ facts }) => [facts.annotations, facts.provider])]);
}

function imagesOf(all: readonly { target: Decision<BootImageTarget> }[]): BootImageTarget[] {
  const images = all.flatMap(({ target }) => (target.ok ? [target.value] : []));
  return images.filter((image, at) => images.findIndex((other) => isSameImage(other, image)) === at);
}

function machineSetInput(object: MachineSetObject, context: ClusterFacts) {
  const architecture = architectureOf(object.annotations, context.multiArch);
  const stream = osStream(object.labels);
  const image = architecture.ok ? context.imageOf({ stream, architecture: architecture.value }) : architecture;
  const facts = { ...object, image };
  const selection = context.policy?.selection ?? { mode: "All" as const };
  const provider = object.provider;
  return {
    facts,
    target: context.refusal ?? image,
    allowDowngrade: context.policy?.rollout.allowDowngrade ?? false,
    manager: manager(facts, { ...context, policy: { mode: context.policy?.mode ?? "Observe", selection } }),
    place: placeOf(provider?.workspace ?? null, provider?.networkName ?? "", context.failureDomains),
  };
}

function templateOf({ provider }: { provider: VSphereProvider | null }) {
  return namedBy(provider) ?? [];
}

type ControlPlaneObject = ReturnType<typeof readControlPlaneMachineSet>;

function controlPlaneOf(
  object: ControlPlaneObject | undefined,
  seen: Survey,
  { refusal, imageOf }: ClusterFacts,
): ControlPlane | null {
  if (object === undefined) return null;
  const target = refusal ?? imageOf({ stream: osStream(object.labels), architecture: "x86_64" });
  const named = namedBy(object.provider);
  const template = object.provider?.template ?? "";
  const release = target.ok ? target.value.release : null;
  return controlPlane({ name: object.name, template, templateNow: named && seen.now(named), target: release });
}

function now(seen: Survey, facts: Pick<MachineSetObject, "provider">) {
  const named = namedBy(facts.provider);
  return named === null ? decided({ exists: false, release: null, path: null, ours: false }) : seen.now(named);
}
