// The metrics of the controller: every name, once.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Reason } from "../common/reasons.ts";
import type { Progress } from "./apply/context.ts";
import type { Alarm } from "./decide/alarms.ts";
import type { Condition } from "./decide/condition-merge.ts";
import type { MachineSetState } from "./decide/machine-set-state.ts";
import type { TemplateStanding } from "./decide/template-standing.ts";
import type { Verdict } from "./decide/verdict.ts";
import { type NewMachineMetrics, newMachineMetrics } from "./new-machine-metrics.ts";
import { nodeGauges } from "./node-gauges.ts";

/** Name to help text: docs/metrics.md is compared with it. */
export const controllerMetrics = {
  bootwarden_controller_build_info: "1, with the version.",
  bootwarden_leader: "1 for the replica that acts, 0 for one that waits for it to end.",
  bootwarden_node_verdict: "1 for the verdict of a Node, by reason; see docs/reasons.md.",
  bootwarden_evaluation_seconds: "Seconds that judging Nodes took, by whether it was All of them or Some.",
  bootwarden_nodes: "Nodes by verdict (NotApplicable has none).",
  bootwarden_machineset_state: "1 for the state of a MachineSet, by manager and reason.",
  bootwarden_machineset_template_info:
    "1 for each MachineSet, with the release of the template that it names, that of its target, and how the one stands against the other, whoever manages it.",
  bootwarden_machineset_up_to_date:
    "1 if new Machines of the MachineSet boot from the target's release or a newer one, 0 if not; absent where that is not known or not asked.",
  bootwarden_condition: "1 for the present status of each condition of the BootImagePolicy, with its reason.",
  bootwarden_failure: "1 for each thing that is wrong at present: the object and the reason.",
  bootwarden_target_info: "1, with the release of each boot image that new machines shall boot from.",
  bootwarden_vcenter_up: "1 if the vCenter answered at the last pass.",
  bootwarden_vcenter_sessions:
    "Sessions that the controller has open at the vCenter: one, and one of REST where tags are needed.",
  bootwarden_datastore_free_bytes:
    "Free space of each datastore that a MachineSet names, looked at every RESYNC_SECONDS; absent when not known.",
  bootwarden_step_seconds:
    "Seconds that steps took (Import, Clone, Move, Retire), by result: Success, Stopped (not asked for any more) or the reason.",
  bootwarden_import_uploaded_bytes: "Bytes of the boot image that the running or last import has uploaded.",
  bootwarden_import_size_bytes: "Bytes of the boot image that is or was last imported.",
  bootwarden_import_bytes_per_second: "Rate of the running import over the last 10 seconds; 0 when none runs.",
  bootwarden_new_machine_seconds:
    "Seconds from a Machine's creation until its Node was Verified, for Machines that were seen new.",
  bootwarden_new_machines_total:
    "New Machines by MachineSet and outcome: Verified, Failed, NotInTime or Mismatch. One that is late and Verified after all counts twice.",
  bootwarden_notices_total: "Notices of steps that went on, by reason; see docs/reasons.md.",
  bootwarden_tls_unverified: "1 if the certificate of the vCenter is not verified because the policy says so.",
} as const;

type Name = keyof typeof controllerMetrics;

export interface Metrics {
  registry: Registry;
  leads: (leads: boolean) => void;
  startStep: (step: string, server: string) => (result: string) => void;
  startEvaluation: (scope: "All" | "Some") => () => void;
  progress: (server: string, progress: Progress & { bytesPerSecond: number | null }) => void;
  notice: (reason: Reason) => void;
  newMachine: NewMachineMetrics["tell"];
  nodes: (verdicts: ReadonlyMap<string, Verdict>) => void;
  machineSets: (states: readonly MachineSetState[], releases: readonly string[]) => void;
  templates: (standings: readonly TemplateStanding[]) => void;
  conditions: (conditions: readonly Pick<Condition, "type" | "status" | "reason">[]) => void;
  failures: (alarms: readonly Alarm[]) => void;
  vcenters: (vcenters: readonly { server: string; failure: unknown; unverified: boolean; sessions: number }[]) => void;
  datastores: (datastores: readonly { server: string; datastore: string; freeBytes: number }[]) => void;
}

export function createMetrics(version: string): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: Name, labelNames: string[] = []) =>
    new Gauge({ name, help: controllerMetrics[name], labelNames, registers: [registry] });
  gauge("bootwarden_controller_build_info", ["version"]).set({ version }, 1);
  const leader = gauge("bootwarden_leader");
  const uploaded = gauge("bootwarden_import_uploaded_bytes", ["server"]);
  const size = gauge("bootwarden_import_size_bytes", ["server"]);
  const rate = gauge("bootwarden_import_bytes_per_second", ["server"]);
  const notices = noticeCounter(registry);
  const newMachines = newMachineMetrics(newMachineCounter(registry), newMachineSeconds(registry));
  const machineSets = machineSetGauges(gauge);
  return {
    registry,
    leads: (leads) => leader.set(leads ? 1 : 0),
    startStep: stepTimer(registry),
    startEvaluation: evaluationTimer(registry),
    progress: (server, { bytesDone, bytesTotal, bytesPerSecond }) => {
      if (bytesTotal === null) return;
      uploaded.set({ server }, bytesDone);
      size.set({ server }, bytesTotal);
      if (bytesPerSecond !== null) rate.set({ server }, bytesPerSecond);
    },
    notice: (reason) => notices.inc({ reason }),
    newMachine: newMachines.tell,
    nodes: nodeGauges(
      gauge("bootwarden_node_verdict", ["node", "verdict", "reason"]),
      gauge("bootwarden_nodes", ["verdict"]),
    ),
    machineSets: (states, releases) => {
      machineSets(states, releases);
      newMachines.keep(states.map(({ name }) => name));
    },
    templates: templateGauge(gauge),
    conditions: conditionGauge(gauge),
    failures: failureGauge(gauge),
    vcenters: vcenterGauges(gauge),
    datastores: datastoreGauge(gauge),
  };
}

type MakeGauge = (name: Name, labelNames?: string[]) => Gauge;

function stepTimer(registry: Registry): Metrics["startStep"] {
  const name = "bootwarden_step_seconds" satisfies Name;
  const buckets = [0.1, 1, 10, 60, 300, 900, 3600];
  const labelNames = ["step", "server", "result"];
  const seconds = new Histogram({ name, help: controllerMetrics[name], labelNames, buckets, registers: [registry] });
  return (step, server) => {
    const stop = seconds.startTimer({ step, server });
    return (result) => {
      stop({ result });
    };
  };
}

function evaluationTimer(registry: Registry): Metrics["startEvaluation"] {
  const name = "bootwarden_evaluation_seconds" satisfies Name;
  const buckets = [0.001, 0.01, 0.1, 0.3, 1, 3, 10];
  const help = controllerMetrics[name];
  const seconds = new Histogram({ name, help, labelNames: ["scope"], buckets, registers: [registry] });
  return (scope) => {
    const stop = seconds.startTimer({ scope });
    return () => {
      stop();
    };
  };
}

function noticeCounter(registry: Registry): Counter<"reason"> {
  const name = "bootwarden_notices_total" satisfies Name;
  return new Counter({ name, help: controllerMetrics[name], labelNames: ["reason"], registers: [registry] });
}

function newMachineSeconds(registry: Registry): Histogram {
  const name = "bootwarden_new_machine_seconds" satisfies Name;
  const buckets = [120, 300, 600, 900, 1200, 1800, 2700, 3600, 7200];
  return new Histogram({ name, help: controllerMetrics[name], buckets, registers: [registry] });
}

function newMachineCounter(registry: Registry): Counter {
  const name = "bootwarden_new_machines_total" satisfies Name;
  const labelNames = ["machineset", "outcome"];
  return new Counter({ name, help: controllerMetrics[name], labelNames, registers: [registry] });
}

function machineSetGauges(gauge: MakeGauge): Metrics["machineSets"] {
  const state = gauge("bootwarden_machineset_state", ["machineset", "managed_by", "state", "reason"]);
  const target = gauge("bootwarden_target_info", ["release"]);
  return (states, releases) => {
    state.reset();
    for (const one of states)
      state.set({ machineset: one.name, managed_by: one.managedBy, state: one.state, reason: one.reason }, 1);
    target.reset();
    for (const release of releases) target.set({ release }, 1);
  };
}

function templateGauge(gauge: MakeGauge): Metrics["templates"] {
  const labels = ["machineset", "managed_by", "release", "target", "reason"];
  const info = gauge("bootwarden_machineset_template_info", labels);
  const upToDate = gauge("bootwarden_machineset_up_to_date", ["machineset"]);
  return (standings) => {
    info.reset();
    upToDate.reset();
    for (const { machineSet: machineset, managedBy, release, target, reason, isUpToDate } of standings) {
      info.set({ machineset, managed_by: managedBy, release: release ?? "", target: target ?? "", reason }, 1);
      if (isUpToDate !== null) upToDate.set({ machineset }, isUpToDate ? 1 : 0);
    }
  };
}

function conditionGauge(gauge: MakeGauge): Metrics["conditions"] {
  const condition = gauge("bootwarden_condition", ["type", "status", "reason"]);
  return (conditions) => {
    condition.reset();
    for (const { type, status, reason } of conditions) condition.set({ type, status, reason }, 1);
  };
}

function failureGauge(gauge: MakeGauge): Metrics["failures"] {
  const failure = gauge("bootwarden_failure", ["kind", "name", "reason"]);
  return (alarms) => {
    failure.reset();
    for (const { kind, name, reason } of alarms) failure.set({ kind, name, reason }, 1);
  };
}

function vcenterGauges(gauge: MakeGauge): Metrics["vcenters"] {
  const up = gauge("bootwarden_vcenter_up", ["server"]);
  const unverified = gauge("bootwarden_tls_unverified", ["server"]);
  const sessions = gauge("bootwarden_vcenter_sessions", ["server"]);
  return (vcenters) => {
    for (const old of [up, unverified, sessions]) old.reset();
    for (const vcenter of vcenters) {
      up.set({ server: vcenter.server }, vcenter.failure === null ? 1 : 0);
      unverified.set({ server: vcenter.server }, vcenter.unverified ? 1 : 0);
      sessions.set({ server: vcenter.server }, vcenter.sessions);
    }
  };
}

function datastoreGauge(gauge: MakeGauge): Metrics["datastores"] {
  const free = gauge("bootwarden_datastore_free_bytes", ["server", "datastore"]);
  return (datastores) => {
    free.reset();
    for (const { server, datastore, freeBytes } of datastores) free.set({ server, datastore }, freeBytes);
  };
}
