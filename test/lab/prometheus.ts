// The Prometheus of the lab: the real one, with a configuration and rules from the caller.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { z } from "zod";
import { type Child, startChild } from "./child.ts";
import { freePort } from "./free-port.ts";
import type { Ground } from "./ground.ts";
import { prometheusPrograms } from "./prometheus-programs.ts";
import { inheritedEnvironment } from "./settings.ts";
import { until } from "./until.ts";

const Sample = z.object({
  metric: z.record(z.string(), z.string()),
  value: z.tuple([z.number(), z.string()]).transform(([, value]) => Number(value)),
});
type Sample = z.output<typeof Sample>;

const Targets = z.object({
  activeTargets: z.array(
    z.object({
      scrapePool: z.string(),
      labels: z.record(z.string(), z.string()),
      health: z.string(),
      lastError: z.string(),
      lastScrapeDuration: z.number(),
    }),
  ),
});
const Rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          name: z.string(),
          health: z.string(),
          lastError: z.string().default(""),
          state: z.string(),
          alerts: z.array(z.object({ labels: z.record(z.string(), z.string()) })),
        }),
      ),
    }),
  ),
});

export interface Prometheus {
  child: Child;
  /** The answer to an instant query that gives a vector; [] where nothing is found. */
  query: (expr: string) => Promise<Sample[]>;
  targets: () => Promise<z.output<typeof Targets>["activeTargets"]>;
  rules: () => Promise<z.output<typeof Rules>["groups"][number]["rules"]>;
}

/** Starts it, and waits until it answers. Ends with the ground. */
export async function startPrometheus(
  ground: Ground,
  { scrapes, groups }: { scrapes: unknown[]; groups: unknown[] },
): Promise<Prometheus> {
  const { prometheus, promtool } = await prometheusPrograms(ground.signal, console.error);
  const configuration = await configure(ground, scrapes, groups);
  const environment = { env: inheritedEnvironment(), extendEnv: false, timeout: 20_000 };
  await execa(promtool, ["check", "config", configuration], environment);
  const listen = `127.0.0.1:${await freePort()}`;
  const child = startChild({
    name: "prometheus",
    command: prometheus,
    arguments: [
      `--config.file=${configuration}`,
      `--storage.tsdb.path=${join(ground.directory, "prometheus")}`,
      `--web.listen-address=${listen}`,
      "--log.level=warn",
    ],
    logFile: join(ground.logs, "prometheus.log"),
    signal: ground.signal,
  });
  const ask = answers(`http://${listen}/api/v1`);
  const query = (expr: string) => ask(`query?query=${encodeURIComponent(expr)}`, Vector);
  await until({ signal: ground.signal, what: "Prometheus answers", of: [child] }, () => query("vector(1)"));
  return {
    child,
    query: async (expr) => (await query(expr)).result,
    targets: async () => (await ask("targets?state=active", Targets)).activeTargets,
    rules: async () => (await ask("rules", Rules)).groups.flatMap((group) => group.rules),
  };
}

/** Writes its files; resolves with the path of the configuration. */
async function configure(ground: Ground, scrapes: unknown[], groups: unknown[]): Promise<string> {
  const path = join(ground.directory, "prometheus.yaml");
  const rules = join(ground.directory, "rules.yaml");
  const global = { scrape_interval: "2s", scrape_timeout: "2s", evaluation_interval: "1s" };
  const configuration = { global, rule_files: [rules], scrape_configs: scrapes };
  await writeFile(rules, stringify({ groups }));
  await writeFile(path, stringify(configuration, { aliasDuplicateObjects: false }));
  return path;
}

const Vector = z.object({ result: z.array(Sample) });

function answers(root: string) {
  return async <T>(path: string, schema: z.ZodType<T>): Promise<T> => {
    const response = await fetch(`${root}/${path}`, { signal: AbortSignal.timeout(10_000) });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return z.object({ data: schema }).parse(answer).data;
  };
}
