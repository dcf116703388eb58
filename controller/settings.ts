// The settings: the controller's environment, read once and checked whole.
import { z } from "zod";
import { type Environment, logLevel, readEnvironment, seconds } from "../common/environment.ts";
import type { Serving } from "../common/http-server.ts";
import { absolutePath, address, flag, servingOf, tlsVersion } from "../common/serving-settings.ts";

const Variables = z.object({
  KUBECONFIG: z.string().min(1).optional(),
  LISTEN: address.default("127.0.0.1:9102"),
  PLAIN_HTTP: flag.default("false"),
  TLS_DIRECTORY: absolutePath.default("/etc/bootwarden/tls"),
  TLS_MIN_VERSION: tlsVersion.default("TLSv1.2"),
  CLIENT_CA_FILE: absolutePath.default("/etc/bootwarden/client-ca/client-ca.crt"),
  METRICS_CLIENTS: z.string().default("system:serviceaccount:openshift-monitoring:prometheus-k8s"),
  LOG_LEVEL: logLevel.default("info"),
  MISMATCH_CONFIRM_SECONDS: seconds.default(30),
  RESYNC_SECONDS: seconds.default(300),
});

export interface Settings {
  kubeconfig: string | undefined;
  serving: Serving;
  logLevel: string;
  /** Milliseconds between the two evaluations that must agree on a Mismatch. */
  confirmMismatch: number;
  /** Milliseconds after which everything is looked at again, also without an event. */
  resync: number;
}

/** Throws SettingsError (SettingsInvalid). */
export function readSettings(environment: Environment = process.env): Settings {
  const values = readEnvironment(Variables, environment);
  return {
    kubeconfig: values.KUBECONFIG,
    serving: servingOf(values),
    logLevel: values.LOG_LEVEL,
    confirmMismatch: values.MISMATCH_CONFIRM_SECONDS * 1000,
    resync: values.RESYNC_SECONDS * 1000,
  };
}
