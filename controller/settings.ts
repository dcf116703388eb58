// The settings: the controller's environment, read once and checked whole.
import { type Environment, logLevel, readEnvironment, seconds } from "../common/environment.ts";
import type { Serving } from "../common/http-server.ts";
import { z } from "../common/schema.ts";
import { absolutePath, address, flag, servingOf, tlsVersion } from "../common/serving-settings.ts";
import type { LeaseTimes } from "./decide/lease.ts";

const Variables = z.object({
  KUBECONFIG: z.optional(z.string().check(z.minLength(1))),
  LISTEN: z._default(address, "127.0.0.1:9102"),
  PLAIN_HTTP: z._default(flag, "false"),
  TLS_DIRECTORY: z._default(absolutePath, "/etc/bootwarden/tls"),
  TLS_MIN_VERSION: z._default(tlsVersion, "TLSv1.2"),
  CLIENT_CA_FILE: z._default(absolutePath, "/etc/bootwarden/client-ca/client-ca.crt"),
  METRICS_CLIENTS: z._default(z.string(), "system:serviceaccount:openshift-monitoring:prometheus-k8s"),
  LOG_LEVEL: z._default(logLevel, "info"),
  MISMATCH_CONFIRM_SECONDS: z._default(seconds, 30),
  RESYNC_SECONDS: z._default(seconds, 300),
  REVERT_PAUSE_SECONDS: z._default(seconds, 60),
  LEASE_SECONDS: z._default(seconds, 137),
  LEASE_RENEWAL_SECONDS: z._default(seconds, 107),
  LEASE_RETRY_SECONDS: z._default(seconds, 26),
});

/** Who renews too late has to end before somebody else may begin. */
const Checked = Variables.check(
  z.refine((one) => one.LEASE_RENEWAL_SECONDS < one.LEASE_SECONDS, {
    error: "is not less than LEASE_SECONDS",
    path: ["LEASE_RENEWAL_SECONDS"],
  }),
  z.refine((one) => one.LEASE_RETRY_SECONDS < one.LEASE_RENEWAL_SECONDS, {
    error: "is not less than LEASE_RENEWAL_SECONDS",
    path: ["LEASE_RETRY_SECONDS"],
  }),
);

export interface Settings {
  kubeconfig: string | undefined;
  serving: Serving;
  logLevel: string;
  /** Milliseconds between the two evaluations that must agree on a Mismatch. */
  confirmMismatch: number;
  /** Milliseconds after which everything is looked at again, also without an event. */
  resync: number;
  /** Milliseconds after the first revert of a move before it is tried again. */
  revertPause: number;
  /** Of leader election. */
  lease: LeaseTimes;
}

/** Throws SettingsError (SettingsInvalid). */
export function readSettings(environment: Environment = process.env): Settings {
  const values = readEnvironment(Checked, environment);
  return {
    kubeconfig: values.KUBECONFIG,
    serving: servingOf(values),
    logLevel: values.LOG_LEVEL,
    confirmMismatch: values.MISMATCH_CONFIRM_SECONDS * 1000,
    resync: values.RESYNC_SECONDS * 1000,
    revertPause: values.REVERT_PAUSE_SECONDS * 1000,
    lease: {
      duration: values.LEASE_SECONDS * 1000,
      renewal: values.LEASE_RENEWAL_SECONDS * 1000,
      retry: values.LEASE_RETRY_SECONDS * 1000,
    },
  };
}
