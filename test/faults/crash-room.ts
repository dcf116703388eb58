// The crash room: a lab whose controller speaks to API server and vCenter through proxies, and dies on demand.
import { z } from "zod";
import { machineApi } from "../demo/stage.ts";
import { createAuthority } from "../lab/certificates.ts";
import { type ControllerProgram, startController } from "../lab/controller-program.ts";
import { type Lab, startLab } from "../lab/lab.ts";
import { folder, infrastructureName, installedTemplate, machineSetName, type Zone, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { bootImages } from "../lab/vsphere-objects.ts";
import { type FaultProxy, type Seen, startFaultProxy } from "./fault-proxy.ts";
import { addForeign, foreignNames, portraits } from "./foreign.ts";
import { vcenterIdentity } from "./vcenter-identity.ts";

interface Offer {
  wrongHash?: boolean;
  /** Of the image's disk; a MiB if left out. */
  bytes?: number;
  /** It was offered before. */
  again?: boolean;
}

export interface CrashRoom {
  lab: Lab;
  vcenter: FaultProxy;
  api: FaultProxy;
  mirror: FaultProxy;
  /** A certificate of an authority that nobody here knows. */
  stranger: { certificate: string; key: string };
  controller: ControllerProgram;
  signal: AbortSignal;
  /** Told of every answer that the controller is about to get: calls to vCenter, and writes to the API server. */
  watch: (onCall: (call: string) => void | Promise<void>) => void;
  /** A new release appears in the cluster. */
  offer: (release: string, own?: Offer) => Promise<void>;
  /**
   * Names of all that stands in the folder when nothing is left to do: the installer's templates, those of the last releases, and
   * what is foreign.
   */
  expected: () => string[];
  /** What the foreign VMs were when the room was opened. */
  foreign: ReadonlyMap<string, string>;
  /** Resolves when every MachineSet is at the release and the controller is quiet. */
  settled: (release: string, within?: number) => Promise<void>;
  /** Resolves when the controller is quiet. */
  atRest: (within?: number) => Promise<void>;
  close: () => Promise<void>;
}

/** Milliseconds without a call, after which the controller has nothing more to do. */
const rest = 2_000;

const policy = "/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster";

interface RoomOptions {
  retain?: number;
  /** Further flags of the simulated vCenter. */
  vcenterFlags?: string[];
  /** Of the controller. */
  environment?: Record<string, string>;
}

export async function openCrashRoom(options: RoomOptions = {}): Promise<CrashRoom> {
  const { retain = 2, vcenterFlags = [], environment = {} } = options;
  const { signal } = new AbortController();
  const lab = await startLab(
    { controller: false, nodes: false, machineSets: true, imageMiB: 1, vcenterFlags, say: console.error },
    signal,
  );
  const { ground, vcenter: simulator, controlPlane, mirror: images } = lab;
  const identity = await vcenterIdentity(ground);
  const [vcenter, api, mirror] = await Promise.all([
    startFaultProxy(ground, { target: new URL(simulator.url).origin, identity }),
    startFaultProxy(ground, { target: controlPlane.url }),
    startFaultProxy(ground, { target: images.origin }),
  ]);
  await sendThrough(lab, vcenter, retain);
  await addForeign(simulator);
  // The second zone's machines are to be linked clones: its template gets a larger disk and a snapshot.
  const linked = { cloneMode: "linkedClone", snapshot: "base" };
  await lab.api.merge(machineSetPath(zones[1] as Zone), {
    spec: { template: { spec: { providerSpec: { value: linked } } } },
  });
  const controller = await startController({ ground, api: lab.api, url: api.origin, environment });
  const stranger = await (await createAuthority("a stranger")).issue("vcenter");
  const heard = hear({ vcenter, api });
  const atRest = async (within = 60_000) => {
    await until({ signal, what: "the controller's rest", within }, async () => heard.silence() > rest);
  };
  const offered: string[] = [];
  return {
    ...{ lab, vcenter, api, mirror, controller, signal, stranger },
    foreign: await portraits(simulator),
    watch: heard.watch,
    expected: () => [
      ...foreignNames,
      ...zones.map(installedTemplate),
      ...offered.slice(-retain).flatMap(templateNames),
    ],
    offer: async (release, { wrongHash = false, bytes = 1 << 20, again = false } = {}) => {
      if (!again) offered.push(release);
      const { url, sha256 } = images.publish({ release, diskBytes: bytes });
      const image = {
        release,
        url: url.replace(images.origin, mirror.origin),
        sha256: wrongHash ? "0".repeat(64) : sha256,
      };
      await lab.api.apply(bootImages("4.20.15", image));
    },
    settled: async (release, within) => {
      await settled({ lab, signal }, release, within);
      await atRest(within);
    },
    atRest,
    close: async () => {
      await controller.stop("SIGKILL");
      await lab.close();
    },
  };
}

export function machineSetPath(zone: Zone): string {
  return `${machineApi}/machinesets/${machineSetName(zone)}`;
}

/** Names of templates that bootwarden makes of a release, in the order of the zones. */
export function templateNames(release: string): string[] {
  return zones.map(({ name }) => `${infrastructureName}-rhcos-${name}-${release}`);
}

/** The names of all virtual machines in the cluster's folder. */
export async function namesInFolder({ vcenter }: Pick<Lab, "vcenter">): Promise<string[]> {
  const found = await vcenter.govc("find", folder, "-type", "m");
  return found
    .split("\n")
    .filter(Boolean)
    .map((path) => path.slice(folder.length + 1))
    .toSorted();
}

/** Listens to the calls to vCenter and the writes to the API server. */
function hear({ vcenter, api }: Pick<CrashRoom, "vcenter" | "api">) {
  let last = performance.now();
  let tell: (call: string) => void | Promise<void> = () => undefined;
  const hearing = async (call: string) => {
    last = performance.now();
    await tell(call);
  };
  vcenter.answered = ({ call }) => hearing(`vCenter ${call}`);
  api.answered = ({ call }) => (isWrite({ call }) ? hearing(`API ${call}`) : undefined);
  return {
    silence: () => performance.now() - last,
    watch: (onCall: typeof tell) => {
      tell = onCall;
    },
  };
}

/** But for the renewals of the lease, which go on at rest. */
function isWrite({ call }: Pick<Seen, "call">): boolean {
  return /^(PATCH|POST|PUT|DELETE) (?!.*\/leases)/.test(call);
}

/** The controller finds vCenter at the port that Infrastructure names; the Machine API at that of its cloud config. */
async function sendThrough({ api, vcenter: { server } }: Lab, proxy: FaultProxy, retain: number): Promise<void> {
  const path = "/apis/config.openshift.io/v1/infrastructures/cluster";
  const vcenters = [{ server, port: proxy.port, datacenters: ["dc-east"] }];
  await api.merge(path, { spec: { platformSpec: { vsphere: { vcenters } } } });
  await api.merge(policy, { spec: { template: { retain } } });
}

const Policy = z.object({
  status: z.object({
    target: z.object({ release: z.string() }),
    machineSets: z.array(z.object({ name: z.string(), state: z.string(), reason: z.string(), message: z.string() })),
  }),
});

async function settled({ lab, signal }: Pick<CrashRoom, "lab" | "signal">, release: string, within = 90_000) {
  await until({ signal, what: `every MachineSet at ${release}`, within, every: 100 }, async () => {
    const { target, machineSets } = Policy.parse(await lab.api.get(policy)).status;
    const behind = machineSets.filter(({ state }) => state !== "UpToDate");
    if (target.release === release && machineSets.length === zones.length && behind.length === 0) return true;
    throw new Error(`${target.release}: ${behind.map((set) => `${set.name} ${set.state} ${set.message}`).join("; ")}`);
  });
}
