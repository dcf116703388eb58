// The agent: on each node, what the host runs and was flashed with, onto the own Node and /metrics.
import { agentName } from "../common/annotations.ts";
import { SettingsError } from "../common/environment.ts";
import { failureOf } from "../common/failure.ts";
import { serve } from "../common/http-server.ts";
import { findEndpoint } from "../common/kube/endpoint.ts";
import { ApiCredentialsError } from "../common/kube/kubeconfig.ts";
import { connect } from "../common/kube/request.ts";
import { createLog } from "../common/log.ts";
import { chooseCollector } from "./host/choose-collector.ts";
import { inspections } from "./inspections.ts";
import { createMetrics } from "./metrics.ts";
import { ownNode } from "./own-node.ts";
import { Publisher } from "./publisher.ts";
import { readSettings, type Settings } from "./settings.ts";

const version = "0.1.0";

/** EX_CONFIG of sysexits.h: a restart does not help, the settings have to be mended. */
const badConfiguration = 78;

async function run(settings: Settings, signal: AbortSignal): Promise<void> {
  const log = createLog(agentName, settings.logLevel);
  const metrics = createMetrics(settings.nodeName, version);
  const endpoint = await findEndpoint(settings);
  const api = connect(endpoint, `${agentName}/${version}`);
  const publisher = new Publisher({ node: ownNode(api, settings.nodeName), log });
  const { serving, slowCheck, minLook, hostRoot: root, commandTimeout: timeout } = settings;
  const ready = () => publisher.published;
  const collector = await chooseCollector(settings.collector, root);
  const { port } = await serve({ ...serving, metrics: metrics.registry, ready, log, signal });
  const about = { version, node: settings.nodeName, root, collector: collector.name };
  log.info({ ...about, server: endpoint.server.host, port }, "Started");
  const host = { root, timeout, signal };
  await Promise.all([
    publisher.run(signal),
    inspections({ host, collector, slowCheck, minLook, publisher, metrics, log }),
  ]).finally(api.close);
}

/** No await outside of it: the bundle is CommonJS. As an ES module it would take 6 MB more, as each import from a part of Node loads all that hangs on it. */
async function main(): Promise<void> {
  if (process.argv[2] === "parse") {
    // The agent of a node never needs it.
    const { parse } = await import("./parse.ts");
    process.exit(await parse(process.argv.slice(3), process));
  }
  const stop = new AbortController();
  // on, not once: execa listens too while a program runs, and ends the process when it finds itself alone.
  for (const name of ["SIGTERM", "SIGINT"]) process.on(name, () => stop.abort());
  try {
    await run(readSettings(), stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) {
      const { reason, message } = failureOf(error);
      createLog(agentName, "info").fatal({ reason }, message);
      process.exitCode = error instanceof SettingsError || error instanceof ApiCredentialsError ? badConfiguration : 1;
    }
  }
  // Not left to the event loop: a program on the host that cannot even be killed must not keep the agent.
  process.exit();
}

void main();
