// What a new template keeps of the present one, against the lab's vCenter.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Notice } from "../../controller/apply/context.ts";
import { applyKept } from "../../controller/apply/keep.ts";
import { readKept } from "../../controller/apply/read-kept.ts";
import { requireSnapshot } from "../../controller/apply/require-snapshot.ts";
import type { VSphereProvider } from "../../controller/decide/machine-set.ts";
import type { Reference } from "../../controller/vsphere/answer.ts";
import { findByPath } from "../../controller/vsphere/inventory.ts";
import { markAsTemplate } from "../../controller/vsphere/template.ts";
import { readTraits } from "../../controller/vsphere/traits.ts";
import { datacenter } from "../lab/topology.ts";
import { type EngineRoom, openEngineRoom, zoneA } from "./engine-room.ts";

let room: EngineRoom;
beforeAll(async () => {
  room = await openEngineRoom();
});
afterAll(() => room.close());

const gibibyte = 2 ** 30;
const template = { diskProvisioning: "Auto", snapshot: "Auto" } as const;

async function at(path: string): Promise<Reference> {
  const found = await findByPath(room.session, path);
  if (found === null) throw new Error(`nothing at ${path}`);
  return found;
}

/** A powered-off VM with a disk; resolves with its path. */
async function withDisk(name: string, size: string, ...layout: string[]): Promise<string> {
  const path = await room.createVm(name);
  const disk = [`-ds=${zoneA.datastore}`, `-name=${name}/root`, `-size=${size}`, ...layout];
  await room.vcenter.govc("vm.disk.create", `-vm=${path}`, ...disk);
  return path;
}

function provider(own: Partial<VSphereProvider>): VSphereProvider {
  return { template: "", workspace: { datacenter }, networkName: "", ...own };
}

/** Keeps what the present templates have on a new VM; resolves with it and what was told. */
async function successor(name: string, providers: VSphereProvider[]) {
  const kept = await readKept(room.session, { template, providers });
  const made = await at(await withDisk(name, "16G"));
  const notices: Notice[] = [];
  await applyKept(room.session, made, { kept, name, onNotice: (notice) => notices.push(notice) });
  await markAsTemplate(room.session, made);
  return { made, kept, notices };
}

describe("a present template", () => {
  test("gives its disk, its hardware version and its snapshot on", async () => {
    const path = await withDisk("thick-21", "40G", "-thick", "-eager");
    await room.vcenter.govc("vm.upgrade", `-vm=${path}`, "-version=21");
    await room.vcenter.govc("snapshot.create", `-vm=${path}`, "-m=false", "root");
    await room.vcenter.govc("vm.markastemplate", path);
    expect(await readTraits(room.session, await at(path))).toMatchObject({
      diskProvisioning: "eagerZeroedThick",
      diskBytes: 40 * gibibyte,
      hardware: 21,
    });
    const linked = provider({ template: "thick-21", cloneMode: "linkedClone", snapshot: "root" });
    const { made, kept, notices } = await successor("successor-21", [linked]);
    expect(kept.diskProvisioning).toBe("eagerZeroedThick");
    expect(await readTraits(room.session, made)).toMatchObject({
      hardware: 21,
      diskBytes: 40 * gibibyte,
      snapshots: { hasCurrent: true, tree: [{ name: "root" }] },
    });
    expect(notices).toEqual([]);
    await requireSnapshot(room.session, made, { provider: linked, policy: "Auto", path: "p" });
  });
});
