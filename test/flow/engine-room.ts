// The engine room: a vCenter and a mirror of the lab, without a cluster, for tests of the vSphere engine.
import { createLog } from "../../common/log.ts";
import type { Context } from "../../controller/apply/context.ts";
import type { ImportTemplateRequest } from "../../controller/apply/import-template.ts";
import type { Owner } from "../../controller/apply/ownership.ts";
import type { Place } from "../../controller/vsphere/place.ts";
import { openSession, type Session, type VCenterAccess } from "../../controller/vsphere/session.ts";
import { binaries } from "../lab/binaries.ts";
import { type Ground, layGround } from "../lab/ground.ts";
import { startImageServer } from "../lab/image-server.ts";
import { descriptorOf, type OvaOptions } from "../lab/ova.ts";
import { infrastructureName as cluster, datacenter, folder, type Zone, zones } from "../lab/topology.ts";
import { startVCenter, type VCenter } from "../lab/vcenter.ts";
import { type Recorder, startRecorder } from "./recorder.ts";

export const [zoneA, zoneB] = zones as [Zone, Zone];

/** The cluster of the lab, with one Machine. */
export const owner: Owner = { infrastructureName: cluster, isMachine: ({ name }) => name === "a-machine" };

const diskBytes = 3_000_000;

export interface EngineRoom {
  ground: Ground;
  vcenter: VCenter;
  access: VCenterAccess;
  session: Session;
  context: Context;
  /** Downloads that the mirror served. */
  downloads: () => number;
  /** A request for an image of a release that no other test uses. */
  request: (own?: Partial<OvaOptions & { cutAfter: number; hold: Promise<void> }>) => ImportTemplateRequest;
  /** Every virtual machine and template, by reference and by path. */
  inventory: () => Promise<string[]>;
  /** A powered-off VM of somebody else; resolves with its path. */
  createVm: (name: string, into?: string) => Promise<string>;
  /** Starts a recorder before vCenter. */
  record: () => Promise<Recorder>;
  /** Throws, when all has ended, if a request that was recorded is not as the API has it. */
  close: () => Promise<void>;
}

/** Starts both, and logs in. `flags` are further ones of the simulator; some name files, which need a ground. */
export async function openEngineRoom(
  flags: string[] | ((ground: Ground) => Promise<string[]>) = [],
): Promise<EngineRoom> {
  const end = new AbortController();
  const ground = await layGround(await binaries(end.signal, console.error), end.signal);
  const [vcenter, mirror] = await Promise.all([
    startVCenter(ground, { flags: typeof flags === "function" ? await flags(ground) : flags }),
    startImageServer(ground.authority, end.signal),
  ]);
  const ca = ground.authority.certificate;
  const { server, url, username, password } = vcenter;
  const access = { server, url, username, password, ca };
  const log = createLog("engine-test", "silent");
  const session = await openSession(access, { signal: end.signal, log });
  const recorders: Recorder[] = [];
  let releases = 0;
  const request: EngineRoom["request"] = (own = {}) => {
    releases += 1;
    const { release = `9.8.${releases}` } = own;
    const image = mirror.publish({ diskBytes, path: `/${release}.ova`, ...own, release });
    const finalName = `${cluster}-rhcos-${zoneA.name}-${release}`;
    return { image: { release, url: image.url, sha256: image.sha256, ca }, owner, place: placeOf(zoneA), finalName };
  };
  return {
    ground,
    vcenter,
    access,
    session,
    context: { signal: end.signal, log, onProgress: () => undefined, onNotice: () => undefined },
    downloads: () => mirror.sent().requests,
    request,
    inventory: () => inventoryOf(vcenter),
    createVm: (name, into = folder) => createVm(vcenter, name, into),
    record: async () => {
      const recorder = await startRecorder(ground, url);
      recorders.push(recorder);
      return recorder;
    },
    close: async () => {
      await session.close();
      end.abort();
      await vcenter.child.ended;
      await ground.clear();
      requireGoodForm(recorders);
    },
  };
}

/** The place that a MachineSet of the zone names. */
export function placeOf(zone: Zone): Place {
  return { datacenter, datastore: zone.datastore, folder, resourcePool: zone.resourcePool, network: zone.network };
}

/** A descriptor that turns secure boot on, for the engine room's disks. */
export function secureBootDescriptor(release: string): string {
  const config = (key: string, value: string) =>
    `<vmw:Config ovf:required="false" vmw:key="${key}" vmw:value="${value}"/>`;
  const both = config("firmware", "efi") + config("bootOptions.efiSecureBootEnabled", "true");
  const plain = descriptorOf({ release, diskBytes });
  return plain.replace("</VirtualHardwareSection>", `${both}</VirtualHardwareSection>`);
}

function requireGoodForm(recorders: readonly Recorder[]): void {
  const faults = new Set(recorders.flatMap((recorder) => recorder.faults));
  if (faults.size > 0) throw new Error(`Requests are not as the API has them:\n${[...faults].join("\n")}`);
}

async function inventoryOf(vcenter: VCenter): Promise<string[]> {
  const lists = [await vcenter.govc("find", "/", "-type", "m"), await vcenter.govc("find", "-i", "/", "-type", "m")];
  return lists.flatMap((list) => list.trim().split("\n")).toSorted();
}

async function createVm(vcenter: VCenter, name: string, into: string): Promise<string> {
  const where = [`-ds=${zoneA.datastore}`, `-pool=${zoneA.resourcePool}`, `-folder=${into}`, `-net=${zoneA.network}`];
  await vcenter.govc("vm.create", ...where, "-on=false", name);
  return `${into}/${name}`;
}
