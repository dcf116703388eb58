// The assessment: what the cluster and the vCenters say at one moment, in the form that the plan wants.
import type { Owner } from "./apply/ownership.ts";
import { type ClusterState, only } from "./cluster/cluster-state.ts";
import type { readControlPlaneMachineSet } from "./cluster/control-plane-machine-set.ts";
import type { MachineSetObject } from "./cluster/machine-objects.ts";
import type { Policy } from "./cluster/policy-object.ts";
import type { ClusterProxy } from "./cluster/proxy-object.ts";
import { architectureOf } from "./decide/architecture.ts";
import { type BootImageTarget, bootImage } from "./decide/boot-image.ts";
import { clusterObjectsRefusal } from "./decide/cluster-objects.ts";
import { clusterState, newestVersion } from "./decide/cluster-version.ts";
import { type ControlPlane, controlPlane } from "./decide/control-plane.ts";
import { type Decision, decided } from "./decide/decision.ts";
import { mirrored } from "./decide/image-source.ts";
import { machineTest } from "./decide/machine-identity.ts";
import type { VSphereProvider } from "./decide/machine-set.ts";
import { manager } from "./decide/manager.ts";
import { placeOf } from "./decide/place.ts";
import type { PlanInput } from "./decide/plan.ts";
import { type Platform, platform } from "./decide/platform.ts";
import type { MachineManagers } from "./decide/selection.ts";
import { namedBy, type Survey, survey, type Ways } from "./survey.ts";
import type { VCenters } from "./vcenters.ts";

export interface Assessor {
  state: ClusterState;
  late: Ways["late"];
}

export interface Assessment {
  policy: Policy | undefined;
  proxy: ClusterProxy | undefined;
  target: Decision<BootImageTarget>;
  clusterVersion: string | null;
  machineManagers: MachineManagers;
  platform: Platform;
  controlPlane: ControlPlane | null;
  owner: Owner;
  survey: Survey;
  planInput: Omit<PlanInput, "failures" | "contests" | "halted" | "revertPause">;
  machineSets: (MachineSetObject & { placeKey: string | null })[];
  /** Whether a vCenter could not be asked. */
  failed: boolean;
  /** All that a failed step may have failed of, as text: when it changes, failures are forgiven. */
  concern: string;
}

/** Reads, asks the vCenters, decides; changes nothing. */
export async function assess({ state, late }: Assessor, vcenters: VCenters): Promise<Assessment> {
  const readAt = Date.now();
  const facts = clusterFacts(state);
  const { policy, target, infrastructureName } = facts;
  const machines = [...state.machines.items.values()];
  const masters = [...state.controlPlaneMachineSets.items.values()];
  const inputs = [...state.machineSets.items.values()].map((object) => ({ object, ...machineSetInput(object, facts) }));
  const owner = { infrastructureName, isMachine: machineTest(machines) };
  const seen = await survey(
    {
      owner,
      named: [...inputs.map(({ object }) => object), ...machines, ...masters].flatMap(templateOf),
      places: inputs.flatMap(({ place, manager }) =>
        place.ok && manager.managedBy === "Bootwarden" ? [place.value] : [],
      ),
      image: target.ok ? target.value : null,
    },
    { visit: (server) => vcenters.visit(server, policy), drop: vcenters.drop, late },
  );
  await vcenters.keepOnly(new Set(seen.vcenters.map(({ server }) => server)));
  return {
    ...facts,
    platform: platform(facts),
    controlPlane: controlPlaneOf(masters[0], seen, target),
    owner,
    survey: seen,
    machineSets: inputs.map(({ object, place }) => ({ ...object, placeKey: place.ok ? place.value.key : null })),
    failed: seen.vcenters.some(({ failure }) => failure !== null),
    concern: JSON.stringify([target, policy?.generation, facts.proxy, inputs.map(({ object }) => object.provider)]),
    planInput: {
      mode: policy?.mode ?? "Observe",
      target,
      now: readAt,
      infrastructureName,
      templates: seen.templates,
      taken: seen.taken,
      unreadable: new Map([...state.machineSets.unreadable].map(([key, why]) => [key.replace(/^.*\//, ""), why])),
      machineSets: inputs.map(({ object: { writtenBy }, facts, manager, place }) => {
        return { facts, manager, place, writtenBy, templateNow: now(seen, facts) };
      }),
    },
  };
}

type Facts = ReturnType<typeof clusterFacts>;

function clusterFacts(state: ClusterState) {
  const policy = only(state.policies, "cluster");
  const clusterVersion = only(state.clusterVersions, "version") ?? null;
  const settled = clusterState(clusterVersion);
  const newest = newestVersion(clusterVersion);
  const features = only(state.featureGates, "cluster");
  const gates = features?.versions.find(({ version }) => version === newest);
  const infrastructure = only(state.infrastructures, "cluster");
  const data = only(state.bootImages, "openshift-machine-config-operator/coreos-bootimages") ?? null;
  const image = bootImage(data, "x86_64");
  const mirror = policy?.imageSource.mirror;
  const source = image.ok ? decided({ ...image.value, url: mirrored(image.value.url, mirror) }) : image;
  const infrastructureName = infrastructure?.name ?? null;
  const refusal = clusterObjectsRefusal({ unreadable: unreadableIn(state), infrastructureName });
  return {
    policy,
    proxy: only(state.proxies, "cluster"),
    target: refusal ?? (settled.ok ? source : settled),
    clusterVersion: newest,
    multiArch: settled.ok && settled.value.multiArch,
    featureSet: features?.featureSet ?? "",
    featureGates: gates ?? { enabled: [], disabled: [] },
    machineManagers: only(state.machineConfigurations, "cluster")?.machineManagers,
    infrastructureName: infrastructureName ?? "",
    failureDomains: infrastructure?.failureDomains ?? [],
  };
}

function unreadableIn(state: ClusterState): Map<string, string> {
  const kinds = {
    ClusterVersion: state.clusterVersions,
    FeatureGate: state.featureGates,
    Infrastructure: state.infrastructures,
    MachineConfiguration: state.machineConfigurations,
    BootImagePolicy: state.policies,
    ConfigMap: state.bootImages,
    Proxy: state.proxies,
    // A Machine that cannot be read might be the VM that is taken for a template.
    Machine: state.machines,
  };
  return new Map(
    Object.entries(kinds).flatMap(([kind, { unreadable }]) =>
      [...unreadable].map(([name, message]): [string, string] => [`${kind}/${name}`, message]),
    ),
  );
}

function machineSetInput(object: MachineSetObject, context: Facts) {
  const facts = { ...object, architecture: architectureOf(object.annotations, context.multiArch) };
  const selection = context.policy?.selection ?? { mode: "All" as const };
  const provider = object.provider;
  return {
    facts,
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
  target: Decision<BootImageTarget>,
): ControlPlane | null {
  if (object === undefined) return null;
  const named = namedBy(object.provider);
  const template = object.provider?.template ?? "";
  const release = target.ok ? target.value.release : null;
  return controlPlane({ name: object.name, template, templateNow: named && seen.now(named), target: release });
}

function now(seen: Survey, facts: Pick<MachineSetObject, "provider">) {
  const named = namedBy(facts.provider);
  return named === null ? decided({ exists: false, release: null, path: null, ours: false }) : seen.now(named);
}
