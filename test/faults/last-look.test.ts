// The last look before an old template goes: at the cluster's lists, when vCenter has said all; whoever named it meanwhile keeps it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CrashRoom, openCrashRoom } from "./crash-room.ts";
import { difference } from "./difference.ts";
import { releases } from "./releases.ts";

let room: CrashRoom;
const nextRelease = releases();

beforeAll(async () => {
  room = await openCrashRoom({ retain: 1 });
  for (const release of [nextRelease(), nextRelease()]) {
    await room.offer(release);
    await room.settled(release);
  }
});
afterAll(() => room.close());

test("comes between vCenter's last answer and the removal", async () => {
  const calls: string[] = [];
  const note = ({ call }: { call: string }) => {
    calls.push(call);
    return null;
  };
  room.api.judge = note;
  room.vcenter.judge = note;
  const release = nextRelease();
  await room.offer(release);
  await room.settled(release);
  const removals = calls.flatMap((call, index) => (call === "Destroy_Task" ? [index] : []));
  expect(removals).not.toEqual([]);
  for (const removal of removals) {
    const vcenter = calls.slice(0, removal).lastIndexOf("RetrievePropertiesEx");
    const between = calls.slice(vcenter, removal).filter((call) => !call.includes("watch="));
    for (const list of ["machinesets", "machines", "controlplanemachinesets", "infrastructures", "bootimagepolicies"])
      expect(between.filter((call) => new RegExp(`^GET .*/${list}(\\?|$)`).test(call))).not.toEqual([]);
  }
  // With one release retained, and a way back to the one before.
  expect((await difference(room, release)).filter((one) => !one.endsWith("was left over"))).toEqual([]);
});
