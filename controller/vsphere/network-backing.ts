// The backing of a network card: what ties it to a network, in the form that the kind of network wants.
import { z } from "zod";
import { Reference, readAnswer } from "./answer.ts";
import { element, typedElement, type Xml } from "./element.ts";
import { VimFault } from "./fault.ts";
import { readProperties } from "./properties.ts";
import type { Session } from "./session.ts";

/** The field `backing` of a virtual Ethernet card on a network. Throws VimFault; ObjectNotFound for an unknown kind. */
export async function networkBacking(session: Session, network: Reference): Promise<Xml> {
  const what = `Network ${network.value} at vCenter ${session.server}`;
  if (network.type === "DistributedVirtualPortgroup") {
    const group = readAnswer(Group, await readProperties(session, network, Object.keys(Group.shape)), what);
    const dvs = await readProperties(session, group["config.distributedVirtualSwitch"], ["uuid"]);
    const { uuid } = readAnswer(Switch, dvs, `Switch of ${what}`);
    const port = [element("switchUuid", uuid), element("portgroupKey", group.key)];
    return backing("DistributedVirtualPort", [element("port", port)]);
  }
  if (network.type === "OpaqueNetwork") {
    const { summary } = readAnswer(Opaque, await readProperties(session, network, ["summary"]), what);
    const { opaqueNetworkId: id, opaqueNetworkType: type } = summary;
    return backing("OpaqueNetwork", [element("opaqueNetworkId", id), element("opaqueNetworkType", type)]);
  }
  if (network.type !== "Network") throw new VimFault("ObjectNotFound", `${what} is a ${network.type}, no network.`);
  const { name } = readAnswer(Standard, await readProperties(session, network, ["name"]), what);
  return backing("Network", [element("deviceName", name)]);
}

function backing(kind: string, fields: Xml[]): Xml {
  return typedElement("backing", `VirtualEthernetCard${kind}BackingInfo`, fields);
}

const Group = z.object({ key: z.string(), "config.distributedVirtualSwitch": Reference });
const Switch = z.object({ uuid: z.string() });
const Opaque = z.object({ summary: z.object({ opaqueNetworkId: z.string(), opaqueNetworkType: z.string() }) });
const Standard = z.object({ name: z.string() });
