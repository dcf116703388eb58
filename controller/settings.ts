// The settings: the controller's environment, read once and checked whole.
import { z } from "zod";
import { Failure } from "../common/failure.ts";

/** The environment is not valid; the message holds every mistake. */
export class SettingsError extends Failure {}

const seconds = z.coerce.number().min(0.1).max(1_000_000);

const Environment = z.object({
  KUBECONFIG: z.string().min(1).optional(),
  LISTEN: z
    .string()
    .regex(/^(\[[0-9a-fA-F:]+\]|[^:\s]*):\d{1,5}$/, "is no host:port")
    .refine((address) => Number(address.slice(address.lastIndexOf(":") + 1)) <= 65_535, "has no port up to 65535")
    .default("127.0.0.1:9102"),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
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

/** Throws SettingsError (SettingsInvalid). An empty variable counts as one that is not set. */
export function readSettings(environment: Record<string, string | undefined> = process.env): Settings {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const read = Environment.safeParse(set);
  if (!read.success) {
    const mistakes = read.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
    throw new SettingsError("SettingsInvalid", `The environment is not valid: ${mistakes.join("; ")}.`);
  }
  const values = read.data;
  return {
    kubeconfig: values.KUBECONFIG,
    listen: values.LISTEN,
    logLevel: values.LOG_LEVEL,
    confirmMismatch: values.MISMATCH_CONFIRM_SECONDS * 1000,
    resync: values.RESYNC_SECONDS * 1000,
  };
}
