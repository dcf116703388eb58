// The client CA of the metrics: the CAs by which the cluster knows its clients, Prometheus among them, brought to the pods of both programs.
import { z } from "zod";
import { clientCAKey, metricsClientCA, namespace } from "../common/annotations.ts";
import { pause } from "../common/deadline.ts";
import { failureOf } from "../common/failure.ts";
import type { Log } from "../common/log.ts";
import type { Kube } from "./cluster/kube.ts";

interface Parts {
  kube: Kube;
  log: Log;
  signal: AbortSignal;
  /** Milliseconds between two looks. */
  resync: number;
}

/** Published by every API server; OpenShift's own operators take the CA from it too. Its signers are changed every month or so. */
const source = "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication";
/** An agent mounts it and has no right to read another one: the kubelet brings it what changes. */
const copy = `/api/v1/namespaces/${namespace}/configmaps/${metricsClientCA}`;

/** Keeps the copy like the source until the signal aborts. A failure stops nothing: it is logged once, and tried again. */
export async function keepMetricsClientCA({ kube, log, signal, resync }: Parts): Promise<void> {
  for (let last = ""; !signal.aborted; await pause(signal, resync)) {
    try {
      if (await bring(kube)) log.info({ configMap: metricsClientCA }, "Took the cluster's client CA for the metrics.");
      last = "";
    } catch (error) {
      const { reason, message } = failureOf(error);
      if (message !== last && !signal.aborted) log.warn({ reason }, message);
      last = message;
    }
  }
}

const ConfigMap = z.object({ data: z.record(z.string(), z.string()).default({}) });

async function bring(kube: Kube): Promise<boolean> {
  const [from, to] = await Promise.all([read(kube, source), read(kube, copy)]);
  const ca = from["client-ca-file"];
  // An API server that takes no client certificates has none.
  if (ca === undefined || to[clientCAKey] === ca) return false;
  await kube.patch(copy, "merge-patch", { data: { [clientCAKey]: ca } });
  return true;
}

async function read(kube: Kube, path: string): Promise<Record<string, string>> {
  return ConfigMap.parse((await kube.get(path)) ?? {}).data;
}
