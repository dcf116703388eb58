// The settings: the controller's environment, read once and checked whole.
import { z } from "zod";
import { address, type Environment, logLevel, readEnvironment, seconds } from "../common/environment.ts";

const Variables = z.object({
  KUBECONFIG: z.string().min(1).optional(),
  LISTEN: address.default("127.0.0.1:9102"),
  LOG_LEVEL: logLevel.default("info"),
  MISMATCH_CONFIRM_SECONDS: seconds.default(30),
  RESYNC_SECONDS: seconds.default(300),
});

export interface Settings {
  kubeconfig: string | undefined;
  listen: string;
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
    listen: values.LISTEN,
    logLevel: values.LOG_LEVEL,
    confirmMismatch: values.MISMATCH_CONFIRM_SECONDS * 1000,
    resync: values.RESYNC_SECONDS * 1000,
  };
}
