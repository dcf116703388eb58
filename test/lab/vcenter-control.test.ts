// The simulated vCenter as tests steer it: its control door and the flags that name files, from this side.
import { request } from "undici";
import { afterAll, beforeAll, expect, test } from "vitest";
import { binaries } from "./binaries.ts";
import { createAuthority } from "./certificates.ts";
import { type Ground, layGround } from "./ground.ts";
import { datacenter, folder, vcenterPassword, vcenterUser } from "./topology.ts";
import { startVCenter, type VCenter } from "./vcenter.ts";
import { accountsFlag, hostFlags, layoutFlag } from "./vcenter-flags.ts";

const end = new AbortController();
let ground: Ground;
let vcenter: VCenter;
beforeAll(async () => {
  ground = await layGround(await binaries(end.signal, console.error), end.signal);
  vcenter = await startVCenter(ground, { flags: await flags() });
});
afterAll(async () => {
  end.abort();
  await vcenter.child.ended;
  await ground.clear();
});

async function flags(): Promise<string[]> {
  const clusters = [{ name: "cluster-a", hosts: 1, datastore: "ds-a", esxVersion: "7.0.3" }];
  return [
    await layoutFlag(ground, {
      datacenter,
      datastores: ["ds-a"],
      clusters,
      networks: ["vm-net-101"],
      folders: [folder],
    }),
    await accountsFlag(ground, [{ username: "few", password: "secret", privileges: ["Folder.Create"] }]),
    ...(await hostFlags(ground, await createAuthority("foreign"))),
    "--free-space=1000000",
  ];
}

test("a fault meets the calls of its rule, as often as said", async () => {
  const create = () => vcenter.govc("folder.create", `${folder}/sub`);
  await vcenter.control.fault({ method: "CreateFolder", name: "sub", fault: "InvalidName", times: 1 });
  await expect(create()).rejects.toThrow(/InvalidName/);
  await create();
  expect(await vcenter.control.faults()).toMatchObject([{ method: "CreateFolder", hits: 1 }]);
  await vcenter.control.clearFaults();
  expect(await vcenter.control.faults()).toEqual([]);
  await expect(vcenter.control.fault({ method: "CreateFolder", fault: "Nonsense" })).rejects.toThrow(/no fault of the/);
});

test("sessions are listed and expired, leases failed, locks and space told", async () => {
  const basic = Buffer.from(`${vcenterUser}:${vcenterPassword}`).toString("base64");
  const url = new URL("/rest/com/vmware/cis/session", vcenter.url);
  const login = { method: "POST", headers: { authorization: `Basic ${basic}` } } as const;
  expect((await request(url, { ...login, dispatcher: ground.dispatcher })).statusCode).toBe(200);
  const open = { soap: [], rest: [{ user: vcenterUser, key: expect.any(String) }] };
  expect(await vcenter.control.sessions()).toEqual(open);
  expect(await vcenter.control.expireSessions()).toEqual(open);
  expect(await vcenter.control.sessions()).toEqual({ soap: [], rest: [] });
  expect(await vcenter.control.failLeases("HostConnectFault")).toBe(0);
  expect(await vcenter.control.locks()).toEqual([]);
  await vcenter.control.freeSpace(12_345, "ds-a");
  expect(await vcenter.govc("object.collect", "-s", "datastore/ds-a", "summary.freeSpace")).toBe("12345");
});

test("the layout gives the hosts their version", async () => {
  const version = ["host/cluster-a/esx-1.cluster-a.lab", "config.product.version"];
  expect(await vcenter.govc("object.collect", "-s", ...version)).toBe("7.0.3");
});
