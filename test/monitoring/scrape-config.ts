// The scrape configuration of a ServiceMonitor, as the Prometheus Operator makes it of one.
import { z } from "zod";
import type { Found } from "./discovery.ts";

const Reference = z.object({ name: z.string(), key: z.string() });
const TlsConfig = z.strictObject({
  serverName: z.string(),
  ca: z.strictObject({ configMap: Reference }).optional(),
  cert: z.strictObject({ secret: Reference }).optional(),
  keySecret: Reference.optional(),
});

/** Of OpenShift's own Prometheus: service-ca's CA, and a client certificate that the API server's CA has signed. */
export const platformScrapeClass = "tls-client-certificate-auth";

/** What ours use of it, and no more. */
export const ServiceMonitor = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  spec: z.strictObject({
    scrapeClass: z.literal(platformScrapeClass).optional(),
    selector: z.strictObject({ matchLabels: z.record(z.string(), z.string()) }),
    endpoints: z.tuple([
      z.strictObject({ port: z.string(), scheme: z.literal("https"), interval: z.string(), tlsConfig: TlsConfig }),
    ]),
  }),
});
export type ServiceMonitor = z.infer<typeof ServiceMonitor>;

interface Scrape {
  /** Of the scrape pool. */
  job: string;
  /** Files: from the scrape class, or of what the monitor names. */
  tls: { ca_file: string; cert_file?: string; key_file?: string };
  found: readonly Found[];
  /** Where in the lab the pods of these addresses listen; others are left out. */
  listening: ReadonlyMap<string, string>;
}

/** The label `job` of what was found goes before the name of the pool. */
export function scrapeConfig({ spec }: ServiceMonitor, { job, tls, found, listening }: Scrape): unknown {
  const [{ scheme, tlsConfig }] = spec.endpoints;
  const targets = found.flatMap(({ address, labels }) => {
    const there = listening.get(address);
    return there === undefined ? [] : [{ targets: [there], labels }];
  });
  return { job_name: job, scheme, tls_config: { ...tls, server_name: tlsConfig.serverName }, static_configs: targets };
}
