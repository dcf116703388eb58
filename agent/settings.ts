// The settings: the agent's environment, read once and checked whole.
import { z } from "zod";
import { type Environment, logLevel, readEnvironment, seconds } from "../common/environment.ts";
import type { Serving } from "../common/http-server.ts";
import { absolutePath, address, flag, servingOf, tlsVersion } from "../common/serving-settings.ts";
import { collectorSettings } from "./host/choose-collector.ts";

const given = z.string().min(1).optional();

const Variables = z.object({
  NODE_NAME: z.string("is missing: the name of the agent's own Node (downward API: spec.nodeName)").min(1, "is empty"),
  HOST_ROOT: absolutePath.default("/host"),
  COLLECTOR: z.enum(collectorSettings, `is none of ${collectorSettings.join(", ")}`).default("auto"),
  KUBECONFIG: given,
  /** The loopback address is the safe default; the manifest opens the port to Prometheus and the kubelet. */
  LISTEN: address.default("127.0.0.1:9101"),
  PLAIN_HTTP: flag.default("false"),
  TLS_DIRECTORY: absolutePath.default("/etc/bootwarden/tls"),
  TLS_MIN_VERSION: tlsVersion.default("TLSv1.2"),
  CLIENT_CA_FILE: absolutePath.default("/etc/bootwarden/client-ca/client-ca.crt"),
  METRICS_CLIENTS: z.string().default("system:serviceaccount:openshift-monitoring:prometheus-k8s"),
  LOG_LEVEL: logLevel.default("info"),
  SLOW_CHECK_SECONDS: seconds.default(3600),
  MIN_LOOK_SECONDS: seconds.default(1),
  COMMAND_TIMEOUT_SECONDS: seconds.default(60),
  KUBERNETES_SERVICE_HOST: given,
  KUBERNETES_SERVICE_PORT: given,
});

export interface Settings {
  nodeName: string;
  hostRoot: string;
  /** By which program of the host its status is got. */
  collector: (typeof collectorSettings)[number];
  kubeconfig: string | undefined;
  serving: Serving;
  logLevel: string;
  /** Milliseconds between two looks at what leaves no trace in the file system. */
  slowCheck: number;
  /** Milliseconds between two looks at least; up to 32 times as many while the changes of the host make no difference. */
  minLook: number;
  /** Milliseconds that rpm-ostree may take. */
  commandTimeout: number;
  serviceHost: string | undefined;
  servicePort: string | undefined;
}

/** Throws SettingsError (SettingsInvalid). */
export function readSettings(environment: Environment = process.env): Settings {
  const values = readEnvironment(Variables, environment);
  return {
    nodeName: values.NODE_NAME,
    hostRoot: values.HOST_ROOT,
    collector: values.COLLECTOR,
    kubeconfig: values.KUBECONFIG,
    serving: servingOf(values),
    logLevel: values.LOG_LEVEL,
    slowCheck: values.SLOW_CHECK_SECONDS * 1000,
    minLook: values.MIN_LOOK_SECONDS * 1000,
    commandTimeout: values.COMMAND_TIMEOUT_SECONDS * 1000,
    serviceHost: values.KUBERNETES_SERVICE_HOST,
    servicePort: values.KUBERNETES_SERVICE_PORT,
  };
}
