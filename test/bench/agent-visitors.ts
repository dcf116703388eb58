// The visitors of an agent: the kubelet's probes and a Prometheus, over TLS and as often as in a cluster.
import { request } from "node:https";
import { setInterval } from "node:timers/promises";
import { metricsClient } from "../lab/certificates.ts";
import type { Ground } from "../lab/ground.ts";

/** Seconds between two visits: the probes' of the DaemonSet, and what OpenShift's Prometheus does by default. */
const visits = { "/healthz": 60, "/readyz": 30, "/metrics": 30 };

/** Comes until the signal aborts. What the agent answers is of no interest. */
export async function visit(ground: Ground, listen: string, signal: AbortSignal): Promise<void> {
  const { certificate, key } = await ground.authority.issue(metricsClient);
  const [host, port] = listen.split(":");
  const come = async (path: string, seconds: number) => {
    const shown = path === "/metrics" ? { cert: certificate, key } : {};
    for await (const _ of setInterval(seconds * 1000, undefined, { signal })) {
      const options = { host, port, path, ca: ground.authority.certificate, agent: false, ...shown };
      request(options, (response) => response.resume())
        .on("error", () => undefined)
        .end();
    }
  };
  const coming = Object.entries(visits).map(([path, seconds]) => come(path, seconds).catch(() => undefined));
  await Promise.all(coming);
}
