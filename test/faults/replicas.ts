// The replicas: two controllers in a crash room, each with its own line to the API server, and who of them said what when.
import { setTimeout as sleep } from "node:timers/promises";
import { controllerName, namespace } from "../../common/annotations.ts";
import { type ControllerProgram, startController } from "../lab/controller-program.ts";
import { until } from "../lab/until.ts";
import { callerOf } from "./caller.ts";
import { type CrashRoom, openCrashRoom } from "./crash-room.ts";
import { type FaultProxy, type Seen, startFaultProxy } from "./fault-proxy.ts";

export interface Replica {
  name: string;
  program: ControllerProgram;
  /** Its line to the API server. */
  line: FaultProxy;
}

export interface Said {
  at: number;
  replica: string;
  /** To vCenter or the API server. */
  to: "vCenter" | "API";
  call: string;
}

export interface Replicas {
  room: CrashRoom;
  all: readonly [Replica, Replica];
  /** Everything that was asked of vCenter and of the API server, by whom, since the last call of `forget`. */
  said: Said[];
  forget: () => void;
  leader: () => Promise<Replica>;
  follower: () => Promise<Replica>;
  close: () => Promise<void>;
}

export const leasePath = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${controllerName}`;

/** Both are started; the first one leads. */
export async function openReplicas(
  environment: Record<string, string>,
  vcenterFlags: string[] = [],
): Promise<Replicas> {
  const room = await openCrashRoom({ vcenterFlags, environment });
  const { ground, api, controlPlane } = room.lab;
  const line = await startFaultProxy(ground, { target: controlPlane.url });
  await until({ signal: room.signal, what: "the first leader" }, () => leads(room.controller));
  const second = await startController({ ground, api, url: line.origin, name: "second-controller", environment });
  const all = [
    { name: "first", program: room.controller, line: room.api },
    { name: "second", program: second, line },
  ] as const;
  const said: Said[] = [];
  listen(room, all, said);
  await until({ signal: room.signal, what: "the follower" }, () => isReady(second));
  return {
    ...{ room, all, said },
    forget: () => void said.splice(0),
    leader: () => oneOf(room, all, true),
    follower: () => oneOf(room, all, false),
    close: async () => {
      await second.stop("SIGKILL");
      await room.close();
    },
  };
}

function listen(room: CrashRoom, all: Replicas["all"], said: Said[]): void {
  const pids = () => all.map(({ name, program }) => [name, program.child().pid] as const);
  const hear = (to: Said["to"], own?: string) => (seen: Seen) => {
    const replica = own ?? callerOf(seen.port, pids());
    if (replica !== null) said.push({ at: performance.now(), replica, to, call: seen.call });
    return null;
  };
  room.vcenter.judge = hear("vCenter");
  for (const { name, line } of all) line.judge = hear("API", name);
  // The room hears the first one only.
  all[1].line.answered = (seen) => room.api.answered(seen);
}

async function oneOf(room: CrashRoom, all: readonly Replica[], leading: boolean): Promise<Replica> {
  const what = leading ? "a leader" : "a follower";
  return await until({ signal: room.signal, what, within: 60_000 }, async () => {
    for (const one of all) {
      const here = one.program.child().running() && (await leads(one.program).catch(() => null));
      if (here === leading && one.program.child().running()) return one;
    }
    return undefined;
  });
}

export async function leads({ metrics }: Pick<ControllerProgram, "metrics">): Promise<boolean> {
  return /^bootwarden_leader 1$/m.test(await (await fetch(metrics, { signal: AbortSignal.timeout(2_000) })).text());
}

export async function isReady({ metrics }: Pick<ControllerProgram, "metrics">): Promise<boolean> {
  return (await fetch(metrics.replace(/metrics$/, "readyz"))).ok;
}

/** Resolves when the process has ended, or fails. */
export async function ended({ program }: Replica, within: number): Promise<void> {
  const late = sleep(within).then(() => {
    throw new Error(`the process did not end within ${within / 1000} s`);
  });
  await Promise.race([program.child().ended, late]);
}
