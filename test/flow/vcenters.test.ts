// The sessions of the vCenters over time: kept while they are asked, closed when nobody asks any more or the account changes.
import { afterAll, beforeAll, expect, test } from "vitest";
import { createVCenters } from "../../controller/vcenters.ts";
import { findByPath } from "../../controller/vsphere/inventory.ts";
import { folder } from "../lab/topology.ts";
import { type EngineRoom, openEngineRoom } from "./engine-room.ts";

let room: EngineRoom;
let vcenters: ReturnType<typeof createVCenters>;
const stop = new AbortController();
const server = "127.0.0.1";

beforeAll(async () => {
  room = await openEngineRoom();
  await room.session.close();
  const text = (value: string) => Buffer.from(value).toString("base64");
  const data = {
    [`${server}.username`]: text(room.access.username),
    [`${server}.password`]: text(room.access.password),
  };
  const state = {
    infrastructures: {
      items: new Map([
        [
          "cluster",
          {
            vcenters: [{ server, port: room.vcenter.port }],
            cloudConfig: { name: "cloud-provider-config", key: "config" },
          },
        ],
      ]),
    },
    machineSets: { items: new Map() },
    cloudConfigs: {
      items: new Map([
        ["openshift-config/cloud-provider-config", { "ca-bundle.pem": room.ground.authority.certificate }],
      ]),
    },
    bundles: { items: new Map() },
  };
  const { log } = room.context;
  vcenters = createVCenters({ kube: { get: async () => ({ data }) }, state, log, signal: stop.signal });
});
afterAll(async () => {
  stop.abort();
  await room.close();
});

const open = async () => (await room.vcenter.control.sessions()).soap.map(({ key }) => key);

test("one session serves all, until nobody asks this vCenter any more", async () => {
  const visits = await Promise.all([1, 2, 3].map(() => vcenters.visit(server, undefined)));
  expect(new Set(visits.map(({ session }) => session)).size).toBe(1);
  const keys = await open();
  expect(keys).toHaveLength(1);
  await vcenters.keepOnly(new Set([server]));
  expect(await open()).toEqual(keys);
  await vcenters.keepOnly(new Set(["another.example.com"]));
  expect(await open()).toEqual([]);
});

test("work that goes on has its session to the end, and the session ends with it", async () => {
  await vcenters.use(server, undefined, async (session) => {
    const keys = await open();
    await vcenters.drop(server);
    expect((await vcenters.visit(server, undefined)).session).toBe(session);
    expect(await open()).toEqual(keys);
    await vcenters.keepOnly(new Set());
    expect(await open()).toEqual(keys);
    expect(await findByPath(session, folder)).not.toBeNull();
  });
  expect(await open()).toEqual([]);
});

test("a lost session that nobody uses is closed; the next visit opens another", async () => {
  await vcenters.visit(server, undefined);
  const keys = await open();
  await vcenters.drop(server);
  expect(await open()).toEqual([]);
  await vcenters.visit(server, undefined);
  expect(await open()).toHaveLength(1);
  expect(await open()).not.toEqual(keys);
});

test("the end logs out, also of what is in use", async () => {
  await vcenters.use(server, undefined, async () => {
    await vcenters.close();
    expect(await open()).toEqual([]);
  });
});
