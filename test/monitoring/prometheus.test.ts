// A real Prometheus on the ServiceMonitors, rules and dashboard of the manifests: what it may read, and that it has an answer to every question.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentName, controllerName, namespace } from "../../common/annotations.ts";
import { createAuthority, type KeyPair, metricsClient } from "../lab/certificates.ts";
import { type Prometheus, startPrometheus } from "../lab/prometheus.ts";
import { until } from "../lab/until.ts";
import { builtManifests } from "../manifests/built.ts";
import { alertRules } from "./alert-rules.ts";
import { dashboardQueries } from "./dashboard.ts";
import { discover } from "./discovery.ts";
import { ServiceMonitor, scrapeConfig } from "./scrape-config.ts";
import { publishPods } from "./scraped-pods.ts";
import { type MonitoringStage, openMonitoringStage, write } from "./stage.ts";
import { troubleCluster } from "./troubled-cluster.ts";
import { userWorkload } from "./user-workload.ts";

const manifests = await builtManifests("overlays/observe");
const monitors = manifests
  .filter(({ kind }) => kind === "ServiceMonitor")
  .map((object) => ServiceMonitor.parse(object));
let stage: MonitoringStage;
let prometheus: Prometheus;

beforeAll(async () => {
  stage = await openMonitoringStage();
  await troubleCluster(stage);
  const workload = await userWorkload(stage);
  const pods = await publishPods(stage, workload.listening);
  const jobs: unknown[] = [];
  for (const monitor of monitors) {
    const isAgent = monitor.metadata.name === agentName;
    // One by each of the two ways.
    const found = await discover(monitor, stage.asPrometheus, isAgent ? "endpoints" : "endpointslices");
    const listening = isAgent ? pods.agents : pods.controllers;
    for (const [visitor, tls] of Object.entries(await visitors())) {
      // What others see, or do not, is not to be taken for what the platform sees.
      const seen =
        visitor === "platform"
          ? found
          : found.map(({ address, labels }) => {
              return { address, labels: { ...labels, job: visitor } };
            });
      jobs.push(scrapeConfig(monitor, { job: `${visitor}/${monitor.metadata.name}`, tls, found: seen, listening }));
    }
  }
  const found = await discover(workload.monitor, stage.lab.api, "endpoints");
  jobs.push(scrapeConfig(workload.monitor, { job: "user-workload", tls: workload.tls, found, listening: pods.others }));
  prometheus = await startPrometheus(stage.lab.ground, { scrapes: jobs, groups: (await alertRules()).groups });
  // The programs look at their files every 30 seconds.
  await until({ signal: stage.signal, what: "the platform's targets up", within: 60_000 }, async () => {
    const targets = await prometheus.targets();
    const platform = targets.filter(({ scrapePool }) => scrapePool.startsWith("platform/"));
    // Four programs and five visitors, and one for user workloads: a Prometheus that has just started names none.
    const all = targets.length > 4 * 5;
    return (
      all && targets.every(({ health }) => health !== "unknown") && platform.every(({ health }) => health === "up")
    );
  });
}, 600_000);
afterAll(() => stage?.close());

/** Who comes, with what: only the platform's own comes with what its scrape class gives it. */
async function visitors() {
  const { ground } = stage.lab;
  const ca_file = stage.serviceCAFile;
  const stranger = await createAuthority("stranger");
  const shown = async (name: string, { certificate, key }: KeyPair) => ({
    cert_file: await write(ground, `${name}.crt`, certificate),
    key_file: await write(ground, `${name}.key`, key),
  });
  const platform = await shown("platform", await ground.authority.issue(metricsClient));
  return {
    platform: { ca_file, ...platform },
    "no certificate": { ca_file },
    "a certificate of another CA": { ca_file, ...(await shown("other-ca", await stranger.issue(metricsClient))) },
    "a certificate of another name": {
      ca_file,
      ...(await shown("other", await ground.authority.issue("system:admin"))),
    },
    "another service CA": { ca_file: await write(ground, "stranger.crt", stranger.certificate), ...platform },
  };
}

async function targetsOf(job: string) {
  return (await prometheus.targets()).filter(({ scrapePool }) => scrapePool.startsWith(job));
}

describe("the platform's Prometheus", () => {
  test("reads every agent and the controller, found with the rights that its component gives it", async () => {
    const targets = await targetsOf("platform/");
    expect(targets.map(({ health, lastError }) => ({ health, lastError }))).toEqual(
      Array(4).fill({ health: "up", lastError: "" }),
    );
    const jobs = targets.map(({ labels }) => [labels.job, labels.namespace, labels.endpoint].join());
    expect(new Set(jobs)).toEqual(new Set([agentName, controllerName].map((job) => `${job},${namespace},metrics`)));
  });

  test("has at most ten series of each agent", async () => {
    const counts = await prometheus.query(`scrape_samples_scraped{job="${agentName}"} > 0`);
    expect(counts.length).toBeGreaterThan(2);
    expect(counts.filter(({ value }) => value > 10)).toEqual([]);
  });
});

test("the Prometheus of user workloads reads with the certificate of an admin's CA", async () => {
  expect(await targetsOf("user-workload")).toMatchObject([{ health: "up", labels: { job: agentName } }]);
});

test.each([
  ["no certificate", /HTTP status 401/],
  ["a certificate of another CA", /HTTP status 401/],
  ["a certificate of another name", /HTTP status 403/],
  ["another service CA", /certificate signed by unknown authority/],
])("a Prometheus with %s reads nothing", async (job, error) => {
  const seen = new Set<string>();
  const what = `${error} of all`;
  // A program that has not yet learned whom it may trust refuses everybody alike.
  await until({ signal: stage.signal, what, within: 60_000 }, async () => {
    const targets = await targetsOf(`${job}/`);
    for (const { health } of targets) seen.add(health);
    return targets.length === 4 && targets.every(({ lastError }) => error.test(lastError));
  });
  expect([...seen]).toEqual(["down"]);
});

describe("the alert rules", () => {
  test("are evaluated without an error", async () => {
    const rules = await until({ signal: stage.signal, what: "rules evaluated" }, async () => {
      const all = await prometheus.rules();
      return all.every(({ health }) => health !== "unknown") && all;
    });
    expect(rules.filter(({ health, lastError }) => health !== "ok" || lastError !== "")).toEqual([]);
    expect(rules).toHaveLength((await alertRules()).rules.length);
  });

  test("see what is wrong in this cluster, and nothing else", async () => {
    const wanted = ["AgentNotReporting", "ImportFailing", "TemplateOutdated", "WrongImage"];
    await until({ signal: stage.signal, what: wanted.join(), within: 60_000 }, async () => {
      const pending = (await prometheus.rules()).filter(({ state }) => state !== "inactive").map(({ name }) => name);
      if (String(pending.sort()) === String(wanted.map((name) => `Bootwarden${name}`))) return true;
      throw new Error(pending.join());
    });
  });
});

describe("every panel of the dashboard has data", () => {
  test.each(dashboardQueries())("$panel: $expr", async ({ expr }) => {
    await until({ signal: stage.signal, what: expr }, async () => {
      const samples = await prometheus.query(expr);
      return samples.some(({ value }) => !Number.isNaN(value));
    });
  });
});
