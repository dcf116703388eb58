// The proxy of a URL: what the cluster-wide settings say for it.
import { BlockList, isIP } from "node:net";
import { isExempt } from "./no-proxy.ts";
import { OvaError } from "./ova-error.ts";

/** As `proxies.config.openshift.io/cluster` has them in its status; an empty string is none. */
export interface ProxySettings {
  /** Of http: URLs. It may hold a user name and a password, and is never shown. */
  httpProxy?: string | undefined;
  /** Of https: URLs; without one they are reached directly. */
  httpsProxy?: string | undefined;
  /** Hosts that are reached directly, separated by commas. */
  noProxy?: string | undefined;
}

/**
 * The proxy for a URL of http: or https:, or null for a direct connection. The rules are those of Go's golang.org/x/net/http/httpproxy,
 * as OpenShift's own components follow them. Other than there, a proxy that is no URL of http: or https: throws OvaError DownloadFailed:
 * going past it may be what the network forbids.
 */
export function proxyFor(url: URL, settings: ProxySettings): URL | null {
  const text = (url.protocol === "https:" ? settings.httpsProxy : settings.httpProxy)?.trim();
  if (!text || isLocal(url) || isExempt(url, settings.noProxy ?? "")) return null;
  const proxy = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (proxy?.protocol === "http:" || proxy?.protocol === "https:") return proxy;
  const message = "The cluster's proxy is no http: or https: URL: mend spec of proxies.config.openshift.io cluster.";
  throw new OvaError("DownloadFailed", message);
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

function isLocal({ hostname }: URL): boolean {
  const host = hostname.replace(/^\[|\]$/g, "");
  const family = isIP(host);
  return host === "localhost" || (family !== 0 && loopback.check(host, family === 4 ? "ipv4" : "ipv6"));
}
