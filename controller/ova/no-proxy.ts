// The list of hosts that are reached without a proxy: domains, addresses and networks, some with a port.
import { BlockList, isIP } from "node:net";
import { domainToASCII } from "node:url";

/**
 * Whether `noProxy` names the URL's host: `*` all; `example.com` the domain and all below it; `.example.com` and `*.example.com` only
 * what is below it; an IP address; a network as `10.0.0.0/8`, IPv6 too. Domains and addresses may have a port (`[::1]:443`), which
 * then has to be the URL's. An entry that is none of these is passed over.
 */
export function isExempt(url: URL, noProxy: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  const entries = noProxy.split(",").map((entry) => entry.trim().toLowerCase());
  return entries.some((entry) => entry === "*" || matches(entry, host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry.includes("/")) return inNetwork(entry, host);
  const named = splitPort(entry);
  if (named.host === "" || (named.port !== "" && named.port !== port)) return false;
  if (isIP(named.host) !== 0) return isIP(host) !== 0 && single(named.host).check(host, familyOf(host));
  return isIP(host) === 0 && inDomain(named.host, host);
}

function inNetwork(entry: string, host: string): boolean {
  const [, address = "", prefix = ""] = /^([^/]+)\/(\d{1,3})$/.exec(entry) ?? [];
  const bits = isIP(address) === 4 ? 32 : 128;
  if (isIP(address) === 0 || prefix === "" || Number(prefix) > bits || isIP(host) === 0) return false;
  // An IPv4 address lies in networks of IPv4 only, in whatever way it is written.
  if (bits === 128 && (isIP(host) === 4 || /^::ffff:[0-9a-f]{1,4}:[0-9a-f]{1,4}$/.test(host))) return false;
  const network = new BlockList();
  network.addSubnet(address, Number(prefix), familyOf(address));
  return network.check(host, familyOf(host));
}

function single(address: string): BlockList {
  const one = new BlockList();
  one.addAddress(address, familyOf(address));
  return one;
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 4 ? "ipv4" : "ipv6";
}

/** `host:port` and `[ipv6]:port`; an IPv6 address without brackets has no port. */
function splitPort(entry: string): { host: string; port: string } {
  const [, bracketed, plain, port = ""] = /^(?:\[(.*)\]|([^:]*)):(\d*)$/.exec(entry) ?? [];
  const host = bracketed ?? plain;
  return host === undefined ? { host: entry, port: "" } : { host, port };
}

function inDomain(entry: string, host: string): boolean {
  const domain = entry.replace(/^\*\./, ".");
  const below = domain.startsWith(".") ? domain.slice(1) : domain;
  const ascii = domainToASCII(below) || below;
  return host.endsWith(`.${ascii}`) || (below === domain && host === ascii);
}
