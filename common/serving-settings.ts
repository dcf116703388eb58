// The serving settings: what the variables of both programs say of how /metrics is served.
import type { Serving } from "./http-server.ts";
import { z } from "./schema.ts";

/** `host:port`; port 0 takes a free one. */
export const address = z.string().check(
  z.regex(/^(\[[0-9a-fA-F:]+\]|[^:\s]*):\d{1,5}$/, { error: "is no host:port", abort: true }),
  z.refine((text) => Number(text.slice(text.lastIndexOf(":") + 1)) <= 65_535, "has no port up to 65535"),
);

export const flag = z.enum(["true", "false"], "is neither true nor false");

export const absolutePath = z.string().check(z.startsWith("/", "is no absolute path"));

export const tlsVersion = z.enum(["TLSv1.2", "TLSv1.3"], "is neither TLSv1.2 nor TLSv1.3");

interface Values {
  LISTEN: string;
  PLAIN_HTTP: z.infer<typeof flag>;
  TLS_DIRECTORY: string;
  TLS_MIN_VERSION: z.infer<typeof tlsVersion>;
  CLIENT_CA_FILE: string;
  METRICS_CLIENTS: string;
}

/** The kubelet takes a minute and more to bring a changed Secret to the pod. */
const check = 30_000;

export function servingOf(values: Values): Serving {
  const clients = values.METRICS_CLIENTS.split(",").map((name) => name.trim());
  const tls = {
    directory: values.TLS_DIRECTORY,
    minVersion: values.TLS_MIN_VERSION,
    clientCAFile: values.CLIENT_CA_FILE,
    clients: clients.filter((name) => name !== ""),
    check,
  };
  return { listen: values.LISTEN, tls: values.PLAIN_HTTP === "true" ? null : tls };
}
