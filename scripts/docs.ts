// The pages that are generated, and the tables in others that are: `npm run docs` writes them.
import { readFile, writeFile } from "node:fs/promises";
import { configurationPage } from "./configuration-page.ts";
import { metricsPage } from "./metrics-page.ts";
import { monitoringPage } from "./monitoring-page.ts";

const text = (path: string) => readFile(new URL(`../${path}`, import.meta.url), "utf8");
const rules = await text("manifests/components/alerts/prometheus-rule.yaml");
const pages = {
  "docs/configuration.md": configurationPage(await text("manifests/base/bootimagepolicies.crd.yaml")),
  "docs/metrics.md": metricsPage(await text("docs/metrics.md")),
  "docs/monitoring.md": monitoringPage(await text("docs/monitoring.md"), rules),
};
for (const [path, page] of Object.entries(pages)) await writeFile(new URL(`../${path}`, import.meta.url), page);
