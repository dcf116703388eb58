// The peer's other writers: who puts something else in place of what the controller wrote.
import { installedTemplate, machineSetName } from "../lab/topology.ts";
import { type CrashRoom, templateNames } from "./crash-room.ts";
import { difference } from "./difference.ts";
import { complaints, type PeerFault } from "./peer-fault.ts";
import * as peer from "./peer-room.ts";

const { zoneA } = peer;

export const writers: PeerFault[] = [
  {
    name: "a writer names a template that does not exist, again and again",
    peer: "patched back 3 times, then left on the dead name; a restart forgets the count",
    ours: "patched back twice, then Contested, with the writer's name, also after a restart, until a person resumes it",
    suffer: deadName,
  },
  {
    name: "a writer names another VM of the folder",
    peer: "that VM is replaced and the original destroyed, Degraded False",
    ours: "the VM is not touched; MachineSetReverted, and the next release moves on",
    suffer: anotherVM,
  },
  {
    name: "a writer puts an old template under the name, 6 rounds",
    peer: "an upload and a destruction in every round, also after the hot loop was noticed",
    ours: "ContentReplaced: a clone inside vCenter under the next name each time; no upload, nothing foreign destroyed",
    suffer: oldContent,
  },
  {
    name: "GitOps replaces the MachineSet with its first manifest, 5 times",
    peer: "9 syncs, 18 sessions more",
    ours: "MachineSetReverted; no import, no further session, and the next release moves on",
    suffer: replacedByGitOps,
  },
];

async function deadName(room: CrashRoom, nextRelease: () => string): Promise<string[]> {
  const { wrong, must } = complaints();
  const release = nextRelease();
  const [ours = ""] = templateNames(release);
  await room.offer(release);
  await room.settled(release);
  const calls = peer.record(room);
  for (let time = 1; time <= 2; time += 1) {
    await peer.provideLater(room, zoneA, { template: "dead-rhcos" });
    await peer.untilNamed(room, zoneA, ours);
  }
  await peer.provideLater(room, zoneA, { template: "dead-rhcos" });
  await peer.untilSaid(room, zoneA, { reason: "Contested" });
  must(calls.count(peer.imports) === 0, "something was imported");
  await room.controller.stop("SIGTERM");
  await room.controller.start();
  await peer.untilSaid(room, zoneA, { reason: "Contested" });
  await peer.resume(room, zoneA);
  await peer.untilNamed(room, zoneA, ours);
  await room.settled(release);
  return [...wrong, ...(await difference(room, release))];
}

async function anotherVM(room: CrashRoom, nextRelease: () => string): Promise<string[]> {
  const { wrong, must } = complaints();
  const before = await peer.makeGolden(room, "golden-rhcos", installedTemplate(zoneA));
  const first = nextRelease();
  await room.offer(first);
  await room.settled(first);
  const calls = peer.record(room);
  await peer.provideLater(room, zoneA, { template: "golden-rhcos" });
  await peer.untilSaid(room, zoneA, { reason: "MachineSetReverted" });
  must(calls.count(peer.imports) === 0 && calls.count(peer.removals) === 0, "something was imported or removed");
  await peer.resume(room, zoneA);
  const release = nextRelease();
  await room.offer(release);
  await room.settled(release);
  const after = await peer.uuidOf(room, "golden-rhcos").catch(() => "none");
  must(after === before, `the VM's UUID is ${after}, not ${before}`);
  await peer.destroy(room, "golden-rhcos");
  return [...wrong, ...(await difference(room, release))];
}

async function oldContent(room: CrashRoom, nextRelease: () => string): Promise<string[]> {
  const { wrong, must } = complaints();
  const release = nextRelease();
  const [name = ""] = templateNames(release);
  await room.offer(release);
  await room.settled(release);
  const calls = peer.record(room);
  const foreign = new Map<string, string>();
  for (let round = 1; round <= 6; round += 1) {
    const now = round === 1 ? name : `${name}-${round}`;
    await peer.destroy(room, now);
    foreign.set(now, await peer.makeGolden(room, now, installedTemplate(zoneA)));
    await peer.look(room, zoneA);
    await peer.untilNamed(room, zoneA, `${name}-${round + 1}`);
  }
  must(calls.count(peer.uploads) === 0, `${calls.count(peer.uploads)} uploads`);
  must(calls.count(peer.removals) === 0, `${calls.count(peer.removals)} removals`);
  for (const [now, before] of foreign) {
    const after = await peer.uuidOf(room, now).catch(() => "none");
    must(after === before, `what stands at ${now} has the UUID ${after}, not ${before}`);
    if (after !== "none") await peer.destroy(room, now);
  }
  return [...wrong, ...(await peer.twoReleasesLater(room, nextRelease))];
}

async function replacedByGitOps(room: CrashRoom, nextRelease: () => string): Promise<string[]> {
  const { wrong, must } = complaints();
  const first = nextRelease();
  await room.offer(first);
  await room.settled(first);
  const calls = peer.record(room);
  for (let time = 1; time <= 5; time += 1) {
    await peer.replace(room, zoneA);
    await peer.untilNamed(room, zoneA, installedTemplate(zoneA));
    await peer.untilSaid(room, zoneA, { reason: "MachineSetReverted" });
  }
  must(calls.count(peer.logins) === 0, `${calls.count(peer.logins)} logins`);
  must(calls.count(peer.imports) === 0, `${calls.count(peer.imports)} imports`);
  const moves = calls.count(new RegExp(`^API PATCH .*/machinesets/${machineSetName(zoneA)}`));
  must(moves <= 1, `it was moved ${moves} times`);
  await peer.resume(room, zoneA);
  const release = nextRelease();
  await room.offer(release);
  await room.settled(release);
  return [...wrong, ...(await difference(room, release))];
}
