import { describe, expect, test } from "vitest";
import { readerLack } from "../../../controller/vsphere/copy.ts";
import { type Datastore, type Host, unfitness } from "../../../controller/vsphere/host.ts";

const ref = (value: string) => ({ type: "X", value });
const host: Host = {
  reference: ref("host-1"),
  name: "esx-1",
  connectionState: "connected",
  powerState: "poweredOn",
  inMaintenance: false,
  networks: [ref("net-1"), ref("net-2")],
};
const store: Datastore = {
  name: "ds-a",
  accessible: true,
  maintenance: "normal",
  mounts: [
    { host: ref("host-1"), usable: true },
    { host: ref("host-2"), usable: true },
  ],
};
const unusable = [{ host: ref("host-1"), usable: false }];

interface Own {
  host?: Partial<Host>;
  store?: Partial<Datastore>;
  networks?: string[];
}

test.each<[string, Own, string | null]>([
  ["fit", {}, null],
  ["fit for the second of two networks of the name", { networks: ["net-9", "net-2"] }, null],
  ["disconnected", { host: { connectionState: "disconnected" } }, "esx-1 is disconnected, poweredOn"],
  [
    "not responding",
    { host: { connectionState: "notResponding", powerState: "unknown" } },
    "esx-1 is notResponding, unknown",
  ],
  ["in standby", { host: { powerState: "standBy" } }, "esx-1 is connected, standBy"],
  ["in maintenance", { host: { inMaintenance: true } }, "esx-1 is in maintenance"],
  ["without the datastore", { store: { mounts: [] } }, "esx-1 does not see the datastore"],
  ["with a datastore that it cannot reach", { store: { mounts: unusable } }, "esx-1 cannot write to the datastore"],
  ["of a datastore that nobody reaches", { store: { accessible: false } }, "datastore ds-a is not accessible"],
  ["of a datastore in maintenance", { store: { maintenance: "inMaintenance" } }, "datastore ds-a is in maintenance"],
  ["without the network", { networks: ["net-9"] }, "esx-1 does not see the network"],
])("a host %s", (_, own, lack) => {
  const networks = (own.networks ?? ["net-1"]).map(ref);
  expect(unfitness({ ...host, ...own.host }, { ...store, ...own.store }, networks)).toBe(lack);
});

describe("a template can be copied", () => {
  const home: Host = { ...host, reference: ref("host-2"), name: "esx-2" };
  const own = (value: string) => ({ ...store, mounts: [{ host: ref(value), usable: true }] });
  const gone = { connectionState: "disconnected" };

  test.each<[string, { target?: Partial<Host>; home?: Partial<Host>; stores?: Datastore[] }, string | null]>([
    ["by hosts that both see its datastore", {}, null],
    ["by the target's host", { home: gone, stores: [own("host-1")] }, null],
    ["by the host on which it is registered, over the network", { stores: [own("host-2")] }, null],
    ["by that, in maintenance", { home: { inMaintenance: true }, stores: [own("host-2")] }, null],
    [
      "by nobody: the one that sees it is gone",
      { home: gone, stores: [own("host-2")] },
      "esx-1 does not see the datastore, esx-2 is disconnected, poweredOn",
    ],
    [
      "by nobody: its datastore is gone",
      { stores: [{ ...store, accessible: false }] },
      "datastore ds-a is not accessible",
    ],
    [
      "by nobody: no host sees all of it",
      { stores: [own("host-1"), own("host-2")] },
      "esx-1 does not see the datastore, esx-2 does not see the datastore",
    ],
  ])("%s", (_, facts, lack) => {
    const both = { target: { ...host, ...facts.target }, home: { ...home, ...facts.home } };
    expect(readerLack({ ...both, stores: facts.stores ?? [store] })).toBe(lack);
  });
});
