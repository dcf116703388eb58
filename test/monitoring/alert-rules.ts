// The alert rules as they are applied: the groups of the PrometheusRule, in the form of Prometheus' own rule files.
import { z } from "zod";
import { builtManifests } from "../manifests/built.ts";

const Rule = z.strictObject({
  alert: z.string(),
  expr: z.string(),
  for: z.string(),
  labels: z.strictObject({ severity: z.enum(["info", "warning", "critical"]), namespace: z.string() }),
  annotations: z.strictObject({ summary: z.string(), description: z.string(), runbook_url: z.string() }),
});
const PrometheusRule = z.object({
  spec: z.strictObject({ groups: z.array(z.strictObject({ name: z.string(), rules: z.array(Rule) })) }),
});

/** Of the overlay that is installed. */
export async function alertRules() {
  const found = (await builtManifests("overlays/observe")).filter(({ kind }) => kind === "PrometheusRule");
  const { groups } = z.tuple([PrometheusRule]).parse(found)[0].spec;
  return { groups, rules: groups.flatMap(({ rules }) => rules) };
}
