// The settings: the agent's environment, read once and checked whole.
import { z } from "zod";
import { Failure } from "../common/failure.ts";

/** The environment is not valid; the message holds every mistake. */
export class SettingsError extends Failure {}

const seconds = z.coerce.number().min(0.1).max(1_000_000);
const address = z.string().regex(/^(\[[0-9a-fA-F:]+\]|[^:\s]*):\d{1,5}$/, "is no host:port");
const given = z.string().min(1).optional();

const Environment = z.object({
  NODE_NAME: z.string("is missing: the name of the agent's own Node (downward API: spec.nodeName)").min(1, "is empty"),
  HOST_ROOT: z.string().startsWith("/", "is no absolute path").default("/host"),
  KUBECONFIG: given,
  /** The loopback address is the safe default; the manifest opens the port to Prometheus and the kubelet. */
  LISTEN: address.default("127.0.0.1:9101"),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  SLOW_CHECK_SECONDS: seconds.default(3600),
  COMMAND_TIMEOUT_SECONDS: seconds.default(60),
  KUBERNETES_SERVICE_HOST: given,
  KUBERNETES_SERVICE_PORT: given,
});

export interface Settings {
  nodeName: string;
  hostRoot: string;
  kubeconfig: string | undefined;
  listen: string;
  logLevel: string;
  /** Milliseconds between two looks at what leaves no trace in the file system. */
  slowCheck: number;
  /** Milliseconds that rpm-ostree may take. */
  commandTimeout: number;
  serviceHost: string | undefined;
  servicePort: string | undefined;
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
    nodeName: values.NODE_NAME,
    hostRoot: values.HOST_ROOT,
    kubeconfig: values.KUBECONFIG,
    listen: values.LISTEN,
    logLevel: values.LOG_LEVEL,
    slowCheck: values.SLOW_CHECK_SECONDS * 1000,
    commandTimeout: values.COMMAND_TIMEOUT_SECONDS * 1000,
    serviceHost: values.KUBERNETES_SERVICE_HOST,
    servicePort: values.KUBERNETES_SERVICE_PORT,
  };
}
