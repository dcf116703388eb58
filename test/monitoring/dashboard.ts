// The dashboard of the console, as its ConfigMap holds it.
import { readFileSync } from "node:fs";
import { z } from "zod";

const Panel = z.looseObject({
  id: z.number(),
  title: z.string(),
  type: z.enum(["singlestat", "graph", "table"]),
  span: z.number(),
  datasource: z.literal("$datasource"),
  targets: z
    .array(z.looseObject({ refId: z.string(), expr: z.string(), format: z.enum(["time_series", "table"]) }))
    .min(1),
});

/** Grafana's schema of before version 5, which is the console's. */
const Dashboard = z.looseObject({
  title: z.string(),
  rows: z.array(z.looseObject({ title: z.string(), panels: z.array(Panel).min(1) })).min(1),
});

const dashboardFile = "manifests/components/console-dashboard/bootwarden.json";

export function dashboard() {
  return Dashboard.parse(JSON.parse(readFileSync(new URL(`../../${dashboardFile}`, import.meta.url), "utf8")));
}

export function dashboardQueries(): { panel: string; expr: string }[] {
  const { rows } = dashboard();
  return rows.flatMap(({ title, panels }) =>
    panels.flatMap((panel) => panel.targets.map(({ expr }) => ({ panel: `${title}: ${panel.title}`, expr }))),
  );
}
