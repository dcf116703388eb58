// Two controllers at once, as when somebody frees the lease of one that does not hear of it: the same templates as of one.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { machineSetTemplates } from "../demo/stage.ts";
import { until } from "../lab/until.ts";
import { type CrashRoom, namesInFolder } from "./crash-room.ts";
import { difference } from "./difference.ts";
import * as peer from "./peer-room.ts";
import { releases } from "./releases.ts";
import { leads, leasePath, openReplicas, type Replicas } from "./replicas.ts";

const nextRelease = releases();

// As vCenter does it, and as the stock simulator does: where nothing is locked one can take the other's work away.
describe.each([
  ["with vCenter's locks", ["--lease-lock=20s"]],
  ["without a lock", []],
])("%s", (_, vcenterFlags) => {
  let replicas: Replicas;
  let room: CrashRoom;
  let missing: string[];
  let imports: number;

  beforeAll(async () => {
    replicas = await openReplicas({ LEASE_SECONDS: "3600", LEASE_RENEWAL_SECONDS: "3000" }, vcenterFlags);
    room = replicas.room;
    const release = nextRelease();
    await room.offer(release);
    await room.settled(release);
    deafen();
  });
  afterAll(() => replicas?.close());

  /** From now on the first one learns nothing about its lease, and all else. */
  function deafen(): void {
    const { line } = replicas.all[0];
    const { judge } = line;
    line.judge = (seen) => (seen.call.includes("/leases") ? { kind: "status", status: 503 } : judge(seen));
    line.cut();
    // Each writes what it remembers into the policy's status, and the other takes it back: that goes on as long as there are two.
    const { answered } = room.api;
    room.api.answered = (seen) => (seen.call.includes("/status") ? undefined : answered(seen));
  }

  /** At every change in vCenter and of a MachineSet: what each MachineSet names must be there. Counts imports of both. */
  function watchNames(): void {
    missing = [];
    imports = 0;
    room.watch(async (call) => {
      if (peer.imports.test(call)) imports += 1;
      if (!/Destroy_Task|Rename_Task|PATCH .*\/machinesets\//.test(call)) return;
      // In this order: the other one goes on meanwhile, and what was named must be there afterwards.
      const named = await machineSetTemplates(room);
      const there = new Set(await namesInFolder(room.lab));
      for (const [machineSet, template] of named)
        if (!there.has(template)) missing.push(`${machineSet} names ${template} after ${call}`);
    });
  }

  /** Both have come to rest, and what is locked is gone. */
  async function same(release: string): Promise<void> {
    await room.settled(release, 120_000);
    await until({ signal: room.signal, what: "as of one controller", within: 90_000 }, async () => {
      const wrong = await difference(room, release);
      if (wrong.length === 0) return true;
      throw new Error(wrong.join("; "));
    });
    room.watch(() => undefined);
    expect(missing).toEqual([]);
  }

  test("the other begins while one is in mid-import, and one goes on", async () => {
    watchNames();
    const release = nextRelease();
    await peer.holdUpload(room, release, 8_000);
    await room.lab.api.merge(leasePath, { spec: { holderIdentity: null } });
    await until({ signal: room.signal, what: "the other's import", within: 60_000 }, async () => imports > 1);
    await same(release);
    expect(await Promise.all(replicas.all.map(({ program }) => leads(program)))).toEqual([true, true]);
  });

  test("both begin at the same moment", async () => {
    watchNames();
    const release = nextRelease();
    await room.offer(release);
    await same(release);
  });
});
