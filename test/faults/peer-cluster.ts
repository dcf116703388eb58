// The peer's odd clusters: a tag, a path, a place, a version or a state of the cluster that it did not expect.

import { machineSetTemplates } from "../demo/stage.ts";
import { datacenter, folder, infrastructureName, machineSetName } from "../lab/topology.ts";
import type { CrashRoom } from "./crash-room.ts";
import { difference } from "./difference.ts";
import { complaints, type PeerFault } from "./peer-fault.ts";
import * as peer from "./peer-room.ts";

const { zoneA } = peer;

export const clusters: PeerFault[] = [
  {
    name: "the cluster's tag is missing",
    peer: "fails after the upload; every event uploads all again",
    ours: "an Event (ClusterTagMissing), one upload, the MachineSets move",
    suffer: (room, nextRelease) => tagMissing(room, nextRelease()),
  },
  {
    name: "the network is an absolute path",
    peer: "network not found, after the download",
    ours: "the MachineSets move",
    suffer: (room, nextRelease) => absoluteNetwork(room, nextRelease()),
  },
  {
    name: "the workspace equals no failure domain",
    peer: "Degraded: does not match any failure domain",
    ours: "a template for that place, cloned, and the MachineSet moves",
    suffer: ownPlace,
  },
  {
    name: "the present template says no version",
    peer: "Degraded: unable to determine the version",
    ours: "it is left alone, and the MachineSet moves to one that says it",
    suffer: (room, nextRelease) => noVersion(room, nextRelease()),
  },
  {
    name: "the cluster is being upgraded",
    peer: "waits, and no condition says so",
    ours: "waits, and says ClusterUpdating; goes on when it is Completed",
    suffer: (room, nextRelease) => partial(room, nextRelease()),
  },
];

async function tagMissing(room: CrashRoom, release: string): Promise<string[]> {
  const { wrong, must } = complaints();
  const { vcenter, api } = room.lab;
  await vcenter.govc("tags.rm", "-f", infrastructureName);
  const calls = peer.record(room);
  await room.offer(release);
  await room.settled(release);
  must(calls.count(peer.uploads) === 1, `${calls.count(peer.uploads)} uploads`);
  const events = await api.list("/api/v1/events");
  const said = events.some(
    ({ reason, message }) => reason === "ClusterTagMissing" && String(message).includes(release),
  );
  must(said, "no Event says that the tag is missing");
  await vcenter.govc("tags.create", "-c", `openshift-${infrastructureName}`, infrastructureName);
  return [...wrong, ...(await difference(room, release))];
}

async function absoluteNetwork(room: CrashRoom, release: string): Promise<string[]> {
  const network = (name: string) => ({ network: { devices: [{ networkName: name }] } });
  await peer.provide(room, zoneA, network(`/${datacenter}/network/${zoneA.network}`));
  await room.offer(release);
  await room.settled(release);
  await peer.provide(room, zoneA, network(zoneA.network));
  return await difference(room, release);
}

async function ownPlace(room: CrashRoom, nextRelease: () => string): Promise<string[]> {
  const { wrong, must } = complaints();
  const resourcePool = `${zoneA.cluster}/Resources/own`;
  await room.lab.vcenter.govc("pool.create", resourcePool);
  const calls = peer.record(room);
  const release = nextRelease();
  await peer.provide(room, zoneA, { workspace: { resourcePool } });
  await room.offer(release);
  await room.settled(release);
  const name = (await machineSetTemplates(room)).get(machineSetName(zoneA)) ?? "";
  must(/-rhcos-[0-9a-f]{6}-/.test(name) && name.endsWith(release), `the MachineSet names ${name}`);
  must(calls.count(peer.uploads) === 1, `${calls.count(peer.uploads)} uploads`);
  await peer.provide(room, zoneA, { workspace: { resourcePool: zoneA.resourcePool } });
  return [...wrong, ...(await peer.twoReleasesLater(room, nextRelease))];
}

async function noVersion(room: CrashRoom, release: string): Promise<string[]> {
  const { wrong, must } = complaints();
  const { vcenter } = room.lab;
  const where = [`-ds=${zoneA.datastore}`, `-pool=${zoneA.resourcePool}`, `-folder=${folder}`];
  await vcenter.govc("vm.create", ...where, `-net=${zoneA.network}`, "-on=false", "no-version");
  await vcenter.govc("vm.markastemplate", `${folder}/no-version`);
  const before = await peer.uuidOf(room, "no-version");
  await peer.provide(room, zoneA, { template: "no-version" });
  await room.offer(release);
  await room.settled(release);
  must((await peer.uuidOf(room, "no-version")) === before, "the template without a version was touched");
  await peer.destroy(room, "no-version");
  return [...wrong, ...(await difference(room, release))];
}

async function partial(room: CrashRoom, release: string): Promise<string[]> {
  const { wrong, must } = complaints();
  const { api } = room.lab;
  const path = "/apis/config.openshift.io/v1/clusterversions/version/status";
  const history = (await peer.clusterVersion(room)).history;
  const calls = peer.record(room);
  await api.merge(path, { status: { history: history.map((entry) => ({ ...entry, state: "Partial" })) } });
  await room.offer(release);
  await peer.untilSaid(room, zoneA, { reason: "ClusterUpdating" });
  must(
    (await peer.status(room)).conditions.some(({ reason }) => reason === "ClusterUpdating"),
    "no condition says it",
  );
  must(calls.count(peer.imports) === 0, "something was imported");
  await api.merge(path, { status: { history } });
  await room.settled(release);
  return [...wrong, ...(await difference(room, release))];
}
