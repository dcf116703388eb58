// The backing of a network card, for each kind of network. The lab's vCenter has no opaque networks (of NSX without a distributed
// switch) to clone onto: they stand here alone. The others are tried there, too.
import { expect, test } from "vitest";
import { networkBacking } from "../../../controller/vsphere/network-backing.ts";
import { scriptedSession } from "./scripted-vcenter.ts";

const object = (type: string, ...properties: [string, string][]) =>
  `<returnval><objects><obj type="${type}">${type}-1</obj>${properties
    .map(([name, val]) => `<propSet><name>${name}</name>${val}</propSet>`)
    .join("")}</objects></returnval>`;

const dvs = '<val type="VmwareDistributedVirtualSwitch" xsi:type="ManagedObjectReference">dvs-9</val>';
const group = object(
  "DistributedVirtualPortgroup",
  ["key", "<val>pg-7</val>"],
  ["config.distributedVirtualSwitch", dvs],
);
const opaque =
  '<val xsi:type="OpaqueNetworkSummary"><name>segment</name><accessible>true</accessible><opaqueNetworkId>0f1e</opaqueNetworkId><opaqueNetworkType>nsx.LogicalSwitch</opaqueNetworkType></val>';

/** The backing on a network of the type, where vCenter answers the reads one after the other. */
async function backingOn(type: string, ...answers: string[]): Promise<string> {
  const { session } = await scriptedSession((_, calls) => {
    const reads = calls.filter((call) => call === "RetrievePropertiesEx").length;
    return { content: answers[reads - 1] ?? "" };
  });
  return (await networkBacking(session, { type, value: "network-1" })).xml;
}

test.each<[string, string[], string]>([
  [
    "Network",
    [object("Network", ["name", "<val>vm &amp; net</val>"])],
    '<backing xsi:type="VirtualEthernetCardNetworkBackingInfo"><deviceName>vm &amp; net</deviceName></backing>',
  ],
  [
    "DistributedVirtualPortgroup",
    [group, object("VmwareDistributedVirtualSwitch", ["uuid", "<val>50 1a</val>"])],
    '<backing xsi:type="VirtualEthernetCardDistributedVirtualPortBackingInfo"><port><switchUuid>50 1a</switchUuid><portgroupKey>pg-7</portgroupKey></port></backing>',
  ],
  [
    "OpaqueNetwork",
    [object("OpaqueNetwork", ["summary", opaque])],
    '<backing xsi:type="VirtualEthernetCardOpaqueNetworkBackingInfo"><opaqueNetworkId>0f1e</opaqueNetworkId><opaqueNetworkType>nsx.LogicalSwitch</opaqueNetworkType></backing>',
  ],
])("%s", async (type, answers, xml) => {
  expect(await backingOn(type, ...answers)).toBe(xml);
});

test.each<[string, string, string[], string]>([
  ["something else", "Folder", [object("Folder", ["name", "<val>network</val>"])], "ObjectNotFound"],
  ["a port group that is gone", "DistributedVirtualPortgroup", ["<returnval/>"], "ObjectNotFound"],
  ["a switch that the account may not see", "DistributedVirtualPortgroup", [group, "<returnval/>"], "ObjectNotFound"],
  ["an opaque network that says nothing of itself", "OpaqueNetwork", [object("OpaqueNetwork")], "UnreadableAnswer"],
])("%s is no network", async (...row) => {
  const [, type, answers, reason] = row;
  await expect(backingOn(type, ...answers)).rejects.toMatchObject({
    name: "VimFault",
    reason,
    message: expect.stringMatching(/network-1|dvs-9/),
  });
});
