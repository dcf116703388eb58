// The splice of extraConfig into an import spec that vCenter wrote: text into text, nothing is rebuilt.
//
// A spec that was parsed and written again loses types (xsi:type) on the way, and vCenter refuses it.
import type { Xml } from "./element.ts";
import { VimFault } from "./fault.ts";

/** Fields of VirtualMachineConfigSpec behind extraConfig, in the order of the API (govmomi: vim25/types). */
export const fieldsBehindExtraConfig: readonly string[] = [
  "swapPlacement",
  "bootOptions",
  "vAppConfig",
  "ftInfo",
  "repConfig",
  "vAppConfigRemoved",
  "vAssertsEnabled",
  "changeTrackingEnabled",
  "firmware",
  "maxMksConnections",
  "guestAutoLockEnabled",
  "managedBy",
  "memoryReservationLockedToMax",
  "nestedHVEnabled",
  "vPMCEnabled",
  "scheduledHardwareUpgradeInfo",
  "vmProfile",
  "messageBusTunnelEnabled",
  "crypto",
  "migrateEncryption",
  "sgxInfo",
  "ftEncryptionMode",
  "guestMonitoringModeInfo",
  "sevEnabled",
  "virtualNuma",
  "motherboardLayout",
  "pmemFailoverEnabled",
  "vmxStatsCollectionEnabled",
  "vmOpNotificationToAppEnabled",
  "vmOpNotificationTimeout",
  "deviceSwap",
  "simultaneousThreads",
  "pmem",
  "deviceGroups",
  "fixedPassthruHotPlugEnabled",
  "metroFtEnabled",
  "metroFtHostGroup",
  "tdxEnabled",
  "sevSnpEnabled",
  "vmPlacementPolicies",
];

/**
 * Takes the importSpec out of an answer of CreateImportSpec and makes it the field `spec` of ImportVApp, with extraConfig added at
 * its place in configSpec. Throws VimFault UnreadableAnswer if there is not exactly one virtual machine in it.
 */
export function spliceExtraConfig(
  answer: string,
  extra: readonly Xml[],
): { spec: Xml; namespaces: Record<string, string> } {
  const start = /<importSpec[\s>]/.exec(answer)?.index ?? -1;
  const end = answer.lastIndexOf("</importSpec>");
  if (start < 0 || end < start) throw unreadable("it holds no importSpec");
  const inner = answer.slice(start + "<importSpec".length, end);
  if (/<!|<\?/.test(inner)) throw unreadable("its importSpec holds comments or sections");
  if (!/^[^>]*:type="(?:\w+:)?VirtualMachineImportSpec"/.test(inner)) throw unreadable("it is no virtual machine");
  const at = placeOfExtraConfig(inner);
  const xml = `<spec${inner.slice(0, at)}${extra.map((one) => one.xml).join("")}${inner.slice(at)}</spec>`;
  return { spec: { xml }, namespaces: declaredAbove(answer.slice(0, start)) };
}

/** Where, in the text behind `<importSpec`, extraConfig ends or would stand. */
function placeOfExtraConfig(inner: string): number {
  const tags = /<(\/?)(?:[\w.-]+:)?([\w.-]+)(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*(\/?)>/g;
  let depth = 0;
  let inside = false;
  for (const tag of inner.matchAll(tags)) {
    const [, closing, name = "", empty] = tag;
    if (depth === 0 && name === "configSpec" && closing === "" && empty === "") inside = true;
    if (inside && depth === 1 && closing === "" && fieldsBehindExtraConfig.includes(name)) return tag.index;
    if (closing !== "") depth -= 1;
    if (inside && depth === 0 && closing !== "") return tag.index;
    if (closing === "" && empty === "") depth += 1;
  }
  throw unreadable("its importSpec has no configSpec");
}

function declaredAbove(text: string): Record<string, string> {
  const declared = text.matchAll(/\s(xmlns:[\w.-]+)="([^"&<]*)"/g);
  return Object.fromEntries([...declared].map(([, name = "", uri = ""]) => [name, uri]));
}

function unreadable(why: string): VimFault {
  return new VimFault("UnreadableAnswer", `The answer of CreateImportSpec cannot be used: ${why}.`);
}
