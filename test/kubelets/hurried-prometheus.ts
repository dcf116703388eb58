// The hurried Prometheus: the real one, which finds our pods by the ServiceMonitors, with the rules as they are shipped but for their times.
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pause } from "../../common/deadline.ts";
import { metricsClient } from "../lab/certificates.ts";
import type { Lab } from "../lab/lab.ts";
import { type Prometheus, startPrometheus } from "../lab/prometheus.ts";
import { manifestsOf } from "../manifests/built.ts";
import { alertRules } from "../monitoring/alert-rules.ts";
import { discover } from "../monitoring/discovery.ts";
import { ServiceMonitor } from "../monitoring/scrape-config.ts";

/** Nobody waits for a day here: what is to last, and how far a rule looks back, are seconds; what is asked is the same. */
async function hurriedGroups(): Promise<unknown[]> {
  const { groups } = await alertRules();
  return groups.map((group) => ({
    ...group,
    rules: group.rules.map((rule) => ({ ...rule, for: "2s", expr: rule.expr.replaceAll(/\[\d+m\]/g, "[10s]") })),
  }));
}

/** `overlay`: the directory of what was applied. */
export async function startHurriedPrometheus(lab: Lab, overlay: string): Promise<Prometheus> {
  const { ground } = lab;
  const objects = (await manifestsOf(overlay)).filter(({ kind }) => kind === "ServiceMonitor");
  const monitors = objects.map((object) => ServiceMonitor.parse(object));
  const { certificate, key } = await ground.authority.issue(metricsClient);
  const file = (name: string) => join(ground.directory, `prometheus-${name}`);
  await writeFile(file("client.crt"), certificate);
  await writeFile(file("client.key"), key, { mode: 0o600 });
  const tls = { ca_file: ground.caFile, cert_file: file("client.crt"), key_file: file("client.key") };
  const targets = (name: string) => file(`${name}.json`);
  for (const { metadata } of monitors) await writeFile(targets(metadata.name), "[]");
  const scrapes = monitors.map(({ metadata, spec }) => {
    const [{ scheme, tlsConfig }] = spec.endpoints;
    const found = [{ files: [targets(metadata.name)], refresh_interval: "1s" }];
    const tls_config = { ...tls, server_name: tlsConfig.serverName };
    return { job_name: metadata.name, scheme, tls_config, file_sd_configs: found };
  });
  for (const monitor of monitors) void keepFinding(lab, monitor, targets(monitor.metadata.name));
  return await startPrometheus(ground, { scrapes, groups: await hurriedGroups() });
}

/** The part of Prometheus' own discovery, until the lab ends: pods come and go. */
async function keepFinding({ api, ground: { signal } }: Lab, monitor: ServiceMonitor, file: string): Promise<void> {
  while (!signal.aborted) {
    // A Service without pods has no lists.
    const found = await discover(monitor, api, "endpointslices").catch(() => []);
    const groups = found.map(({ address, labels }) => ({ targets: [address], labels }));
    if (signal.aborted) return;
    await writeFile(`${file}.new`, JSON.stringify(groups));
    await rename(`${file}.new`, file);
    await pause(signal, 1_000);
  }
}
