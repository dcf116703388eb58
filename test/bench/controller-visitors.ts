// The visitors of the controller: a Prometheus, and the kubelet's probes, as often as in a cluster.
import { setInterval } from "node:timers/promises";

/** Seconds between two visits: the Deployment's probes, and what OpenShift's Prometheus does by default. */
const visits = { "/healthz": 30, "/readyz": 10, "/metrics": 30 };

/** Comes until the signal aborts; `metrics` is the address of its metrics. */
export async function visitController(metrics: string, signal: AbortSignal): Promise<void> {
  const come = async (path: string, seconds: number) => {
    for await (const _ of setInterval(seconds * 1000, undefined, { signal })) {
      // One that gets no answer comes again, as a kubelet and a Prometheus do.
      await fetch(new URL(path, metrics), { signal })
        .then((answer) => answer.arrayBuffer())
        .catch(() => undefined);
    }
  };
  await Promise.all(Object.entries(visits).map(([path, seconds]) => come(path, seconds).catch(() => undefined)));
}
