// The table of alerts in docs/monitoring.md: as the PrometheusRule has them.
import { parse } from "yaml";
import { z } from "zod";
import { withTable } from "./page-table.ts";

const Rule = z.object({
  alert: z.string(),
  for: z.string(),
  labels: z.object({ severity: z.string() }),
  annotations: z.object({ summary: z.string() }),
});
const PrometheusRule = z.object({ spec: z.object({ groups: z.array(z.object({ rules: z.array(Rule) })) }) });

/** The page with its table made anew; `manifest`: the text of the PrometheusRule. */
export function monitoringPage(page: string, manifest: string): string {
  const rules = PrometheusRule.parse(parse(manifest)).spec.groups.flatMap((group) => group.rules);
  const rows = rules.map(({ alert, for: after, labels, annotations }) => {
    return [`[${alert}](runbooks/${alert}.md)`, labels.severity, after, annotations.summary];
  });
  return withTable(page, "Alerts", rows);
}
