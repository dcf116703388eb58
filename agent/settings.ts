// The settings: the agent's environment, read once and checked whole.
import { type Environment, logLevel, readEnvironment, seconds } from "../common/environment.ts";
import type { Serving } from "../common/http-server.ts";
import { z } from "../common/schema.ts";
import { absolutePath, address, flag, servingOf, tlsVersion } from "../common/serving-settings.ts";
import { collectorSettings } from "./host/choose-collector.ts";

const given = z.optional(z.string().check(z.minLength(1)));

const Variables = z.object({
  NODE_NAME: z
    .string("is missing: the name of the agent's own Node (downward API: spec.nodeName)")
    .check(z.minLength(1, "is empty")),
  HOST_ROOT: z._default(absolutePath, "/host"),
  COLLECTOR: z._default(z.enum(collectorSettings, `is none of ${collectorSettings.join(", ")}`), "auto"),
  KUBECONFIG: given,
  /** The loopback address is the safe default; the manifest opens the port to Prometheus and the kubelet. */
  LISTEN: z._default(address, "127.0.0.1:9101"),
  PLAIN_HTTP: z._default(flag, "false"),
  TLS_DIRECTORY: z._default(absolutePath, "/etc/bootwarden/tls"),
  TLS_MIN_VERSION: z._default(tlsVersion, "TLSv1.2"),
  CLIENT_CA_FILE: z._default(absolutePath, "/etc/bootwarden/client-ca/client-ca.crt"),
  METRICS_CLIENTS: z._default(z.string(), "system:serviceaccount:openshift-monitoring:prometheus-k8s"),
  LOG_LEVEL: z._default(logLevel, "info"),
  SLOW_CHECK_SECONDS: z._default(seconds, 3600),
  MIN_LOOK_SECONDS: z._default(seconds, 1),
  COMMAND_TIMEOUT_SECONDS: z._default(seconds, 60),
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
