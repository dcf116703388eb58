// The networks that templates lie on: port groups of distributed switches, as most clusters have them, beside standard ones.
//
// Opaque networks the lab's vCenter does not have: their backing is held in test/controller/vsphere/network-backing.test.ts.
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { cloneTemplate } from "../../controller/apply/clone-template.ts";
import { importTemplate } from "../../controller/apply/import-template.ts";
import { openSession, type Session } from "../../controller/vsphere/session.ts";
import { datacenter, type Zone } from "../lab/topology.ts";
import { type EngineRoom, openEngineRoom, owner, placeOf, zoneA, zoneB } from "./engine-room.ts";
import type { Recorder } from "./recorder.ts";

/** On the switch of each cluster, so that no key is right by chance. NSX gives a segment one port group on each switch. */
const groups = { a: ["first-a", "workers-a", "NSX-segment"], b: ["first-b", "workers-b", "NSX-segment"] };

interface Port {
  switchUuid: string;
  portgroupKey: string;
}

let room: EngineRoom;
let recorder: Recorder;
let session: Session;
const ports = new Map<string, Port>();

beforeAll(async () => {
  room = await openEngineRoom();
  recorder = await room.record();
  session = await openSession({ ...room.access, url: recorder.url }, room.context);
  await room.vcenter.govc("folder.create", `/${datacenter}/network/switches`);
  await makeSwitch("a", zoneA);
  await makeSwitch("b", zoneB);
});
afterAll(async () => {
  await session.close();
  await room.close();
});

async function makeSwitch(letter: "a" | "b", { cluster }: Zone): Promise<void> {
  const { govc } = room.vcenter;
  const name = `switch-${letter}`;
  await govc("dvs.create", `-folder=/${datacenter}/network/switches`, name);
  const hosts = (await govc("find", cluster, "-type", "h")).trim().split("\n");
  await govc("dvs.add", `-dvs=${name}`, ...hosts);
  const switchUuid = (await govc("object.collect", "-s", `/${datacenter}/network/switches/${name}`, "uuid")).trim();
  for (const group of groups[letter]) {
    await govc("dvs.portgroup.add", `-dvs=${name}`, "-type=earlyBinding", "-nports=8", group);
    const all = z
      .array(z.string())
      .parse(JSON.parse(await govc("find", "-json", "-i", "/", "-type", "g", "-name", group)));
    const known = new Set([...ports.values()].map(({ portgroupKey }) => portgroupKey));
    const portgroupKey = all.map((one) => one.replace(/^\w+:/, "")).find((key) => !known.has(key)) ?? "";
    ports.set(`${letter}/${group}`, { switchUuid, portgroupKey });
  }
}

const Cards = z.object({ devices: z.tuple([z.object({ type: z.string(), backing: z.unknown() })]) });

/** What the one network card of a template hangs on, as vCenter tells it. */
async function backingOf(path: string): Promise<unknown> {
  const cards = Cards.parse(JSON.parse(await room.vcenter.govc("device.info", "-json", `-vm=${path}`, "ethernet-*")));
  expect(cards.devices[0].type).toBe("VirtualVmxnet3");
  return cards.devices[0].backing;
}

const on = (key: string) => ({ port: ports.get(key) });
const standard = ({ network }: Zone) => expect.objectContaining({ deviceName: network });
const deep = `/${datacenter}/network/switches`;

test("the port groups of the test are six", () => {
  const all = [...ports.values()];
  expect(new Set(all.map(({ switchUuid }) => switchUuid)).size).toBe(2);
  expect(new Set(all.map(({ portgroupKey }) => portgroupKey)).size).toBe(6);
  for (const { portgroupKey } of all) expect(portgroupKey).toMatch(/^dvportgroup-/);
});

test.each<[string, [string, () => unknown], [string, () => unknown]]>([
  ["port group to port group", ["workers-a", () => on("a/workers-a")], ["workers-b", () => on("b/workers-b")]],
  ["by path", [`${deep}/workers-a`, () => on("a/workers-a")], ["switches/workers-b", () => on("b/workers-b")]],
  [
    "of one name, on the switch of the host",
    ["NSX-segment", () => on("a/NSX-segment")],
    ["NSX-segment", () => on("b/NSX-segment")],
  ],
  ["standard to port group", [zoneA.network, () => standard(zoneA)], ["workers-b", () => on("b/workers-b")]],
  ["port group to standard", ["workers-a", () => on("a/workers-a")], [zoneB.network, () => standard(zoneB)]],
])("an import and its clone: %s", async (_, [from, imported], [to, cloned]) => {
  recorder.requests.length = 0;
  const wanted = room.request();
  const { image } = wanted;
  const made = await importTemplate(session, { ...wanted, place: { ...placeOf(zoneA), network: from } }, room.context);
  expect(await backingOf(made.path)).toEqual(imported());
  const place = { ...placeOf(zoneB), network: to };
  const copy = { source: made.reference, image, owner, place, finalName: `copy-${image.release}` };
  const { path } = await cloneTemplate(session, copy, room.context);
  expect(await backingOf(path)).toEqual(cloned());
  expect(recorder.methods()).toContain("CloneVM_Task");
  expect(recorder.faults).toEqual([]);
});

test("a port group that no host of the place is a member of: nothing is begun", async () => {
  const before = await room.inventory();
  const wanted = { ...room.request(), place: { ...placeOf(zoneA), network: "workers-b" } };
  await expect(importTemplate(session, wanted, room.context)).rejects.toMatchObject({ reason: "NoUsableHost" });
  expect(await room.inventory()).toEqual(before);
});
