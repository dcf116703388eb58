// The survey against the lab's vCenter: two calls whatever there is to see, in requests that a real vCenter takes.
import { afterAll, beforeAll, expect, test } from "vitest";
import { importTemplate } from "../../controller/apply/import-template.ts";
import { placeOf as decidePlace } from "../../controller/decide/place.ts";
import { createLateAnswers } from "../../controller/late-answers.ts";
import { survey, type Ways } from "../../controller/survey.ts";
import { VimFault } from "../../controller/vsphere/fault.ts";
import type { VmFolders } from "../../controller/vsphere/inventory-look.ts";
import { openSession, type Session } from "../../controller/vsphere/session.ts";
import { imageOf } from "../controller/decide/boot-images.ts";
import { infrastructureName as cluster, datacenter, folder } from "../lab/topology.ts";
import { type EngineRoom, openEngineRoom, owner, placeOf, zoneA } from "./engine-room.ts";
import type { Recorder } from "./recorder.ts";

let room: EngineRoom;
let recorder: Recorder;
let session: Session;
const folders: VmFolders = new Map();
beforeAll(async () => {
  room = await openEngineRoom();
  recorder = await room.record();
  session = await openSession({ ...room.access, url: recorder.url }, room.context);
});
afterAll(async () => {
  await session?.close();
  await room.close();
});

const release = "9.8.20261117-0";
const server = "127.0.0.1";

const way: Ways = {
  visit: async () => ({ session, folders }),
  drop: () => Promise.resolve(),
  late: createLateAnswers({ answered: () => undefined }),
};

/** The survey, and the methods that it called. */
async function asked(templates: readonly string[], own: { datacenter?: string; image?: { sha256: string } } = {}) {
  const before = recorder.requests.length;
  const decision = decidePlace({ ...placeOf(zoneA), server }, zoneA.network, []);
  if (!decision.ok) throw new TypeError(decision.message);
  const place = { ...decision.value, label: zoneA.name };
  const named = templates.map((template) => ({ server, datacenter: own.datacenter ?? datacenter, template }));
  const image = imageOf(release, { sha256: own.image?.sha256 ?? "00" });
  const ways = { ...way, drop: () => Promise.reject(new Error("dropped")) };
  const found = await survey({ owner, named, wanted: [{ place, image }] }, ways);
  const requests = recorder.requests.slice(before);
  const methods = requests.map((request) => /:Body><(\w+)/.exec(request)?.[1]);
  return { found, methods, requests, now: found.now(named[0] ?? { server, datacenter, template: "" }) };
}

test("the first costs one call more for each datacenter, the next cost two", async () => {
  await room.createVm("golden");
  expect((await asked(["golden", "no-such"])).methods).toEqual([
    ...["FindByInventoryPath", "RetrievePropertiesEx", "RetrievePropertiesEx"],
  ]);
  expect((await asked(["golden", "no-such"])).methods).toEqual(["RetrievePropertiesEx", "RetrievePropertiesEx"]);
  expect((await asked([])).methods).toEqual(["RetrievePropertiesEx"]);
});

test("it sees what an import made, and what others have under our names", async () => {
  const wanted = room.request({ release });
  const { sha256 } = wanted.image;
  const made = await importTemplate(room.session, wanted, room.context);
  await room.createVm(`${cluster}-rhcos-other-${release}`);
  await room.createVm("bootwarden-import-theirs");
  const { found, methods, now } = await asked([made.name], { image: { sha256 } });
  expect(methods).toHaveLength(2);
  expect(found.vcenters).toEqual([{ server, failure: null }]);
  expect(found.templates).toMatchObject([{ name: made.name, path: made.path, release, ours: true }]);
  const { path, name, reference } = made;
  expect(found.ours).toMatchObject([{ server, datacenter: `/${datacenter}`, path, name, reference, release }]);
  expect(now).toMatchObject({ value: { exists: true, release, path, ours: true } });

  const where = [`-ds=${zoneA.datastore}`, `-folder=${folder}`, `-pool=${zoneA.resourcePool}`];
  await room.vcenter.govc("vm.clone", `-vm=${path}`, "-on=false", ...where, "w");
  expect((await asked(["w"])).now).toMatchObject({ value: { exists: true, release, ours: false } });
  expect((await asked(["w"])).found.ours).toHaveLength(1);
});

test("a name that two VMs have says nothing but that", async () => {
  const other = `/${datacenter}/vm/other`;
  await room.vcenter.govc("folder.create", other);
  await room.vcenter.govc("object.rename", await room.createVm("silver", other), "golden");
  expect((await asked(["golden"])).now).toMatchObject({ value: { exists: true, release: null, copies: 2 } });
  expect((await asked([`${other}/golden/`])).now).toMatchObject({ value: { exists: true, path: `${other}/golden` } });
});

test("a VM that vanishes between the calls is gone, and nothing fails", async () => {
  const path = await room.createVm("vanishing");
  let destroyed = false;
  const racing: Session = {
    ...session,
    call: async (method, call) => {
      const xml = call.fields?.map((field) => field?.xml).join("") ?? "";
      if (!destroyed && xml.includes("config.template")) {
        destroyed = true;
        await room.vcenter.govc("vm.destroy", path);
      }
      return await session.call(method, call);
    },
  };
  const named = [{ server, datacenter, template: "vanishing" }];
  const question = { owner, named, wanted: [] };
  const found = await survey(question, { ...way, visit: async () => ({ session: racing, folders }) });
  expect(destroyed).toBe(true);
  expect(found.vcenters).toEqual([{ server, failure: null }]);
  expect(found.now({ server, datacenter, template: "vanishing" })).toMatchObject({ value: { exists: false } });
});

test("a datacenter that is not seen fails what is in it, and nothing else", async () => {
  const { found, now } = await asked(["golden"], { datacenter: "dc-nowhere" });
  expect(now).toMatchObject({ ok: false, reason: "ObjectNotFound", message: expect.stringContaining("/dc-nowhere") });
  expect(found.vcenters).toEqual([{ server, failure: null }]);
  expect(found.machineTemplates.size).toBe(0);
  expect(found.ours).toHaveLength(1);
  expect((await asked(["/dc-nowhere/vm/golden"])).now).toMatchObject({ value: { exists: false } });
});

test("a place in a datacenter that is not seen is a failure of that vCenter", async () => {
  const place = decidePlace({ ...placeOf(zoneA), server, datacenter: "dc-nowhere" }, zoneA.network, []);
  const wanted = place.ok ? [{ place: place.value, image: imageOf(release) }] : [];
  const found = await survey({ owner, named: [], wanted }, way);
  const message = expect.stringContaining("Datacenter /dc-nowhere of vCenter 127.0.0.1 has no VM folder");
  expect(found.vcenters).toEqual([{ server, failure: { reason: "ObjectNotFound", message } }]);
});

test("a vCenter that fails is named, and no other with it", async () => {
  const named = ["vc-a", "vc-b"].map((one) => ({ server: one, datacenter, template: "golden" }));
  const failing = new VimFault("VCenterUnreachable", "away");
  const dropped: string[] = [];
  const visit = async (one: string) => {
    if (one === "vc-a") throw failing;
    return { session, folders };
  };
  const drop = async (one: string) => void dropped.push(one);
  const found = await survey({ owner, named, wanted: [] }, { ...way, visit, drop });
  expect(dropped).toEqual(["vc-a"]);
  expect(found.vcenters).toMatchObject([{ failure: { reason: "VCenterUnreachable" } }, { failure: null }]);
  expect(named.map((one) => found.now(one).ok)).toEqual([false, true]);
});

test("every request is in the API's form, and asks of extraConfig only for our keys", () => {
  expect(recorder.faults).toEqual([]);
  const paths = recorder.requests.flatMap((request) => [...request.matchAll(/<pathSet>(.*?)<\/pathSet>/g)]);
  const asked = new Set(paths.map(([, path = ""]) => path));
  const keys = ["cluster", "release", "sha256", "name", "temp"];
  expect([...asked].filter((path) => path.includes("extraConfig"))).toEqual(
    keys.map((key) => `config.extraConfig[&quot;bootwarden.${key}&quot;]`),
  );
  expect(asked).not.toContain("config");
});
