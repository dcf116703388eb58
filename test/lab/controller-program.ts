// The controller of the lab: the real program as a process, with exactly the rights of its ServiceAccount.
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { controllerName, namespace } from "../../common/annotations.ts";
import type { Api } from "./api.ts";
import { type Child, startChild } from "./child.ts";
import { freePort } from "./free-port.ts";
import type { Ground } from "./ground.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import { shippedStart } from "./shipped-start.ts";

export interface ControllerProgram {
  /** URL of its metrics. */
  metrics: string;
  kubeconfig: string;
  child: () => Child;
  /** An earlier process of it must have ended. */
  start: () => Promise<void>;
  stop: (signal?: NodeJS.Signals) => Promise<void>;
}

const sources = fileURLToPath(new URL("../../controller/main.ts", import.meta.url));

/** Makes the controller's credentials and starts it: from its sources, or the bundle `program`. `name`: of its files; `environment`: more of it. */
export async function startController(
  host: { ground: Ground; api: Api; url: string; name?: string; environment?: Record<string, string> },
  program = sources,
): Promise<ControllerProgram> {
  const { ground, api, url, name = "controller" } = host;
  const directory = join(ground.directory, name);
  await mkdir(directory, { recursive: true });
  // client-node knows no tokenFile in a kubeconfig; in a pod it reads the kubelet's file anew by itself.
  const token = await accountToken(api);
  const kubeconfig = await writeKubeconfig(ground, join(directory, "kubeconfig"), { url, token });
  const listen = `127.0.0.1:${await freePort()}`;
  const shipped = await shippedStart("controller-deployment.yaml");
  const own = {
    KUBECONFIG: kubeconfig,
    LISTEN: listen,
    PLAIN_HTTP: "true",
    LOG_LEVEL: "debug",
    MISMATCH_CONFIRM_SECONDS: "5",
  };
  const launch = () =>
    startChild({
      name,
      command: process.execPath,
      arguments: [...shipped.flags, program],
      environment: { ...shipped.environment, ...own, ...host.environment },
      logFile: join(ground.logs, `${name}.log`),
      signal: ground.signal,
    });
  let child = launch();
  return {
    metrics: `http://${listen}/metrics`,
    kubeconfig,
    child: () => child,
    start: async () => {
      await freeLease(api, child);
      child = launch();
    },
    stop: (signal) => child.stop(signal),
  };
}

/** Whoever knows that the holder of the lease is dead may delete it: the next one then need not wait for two minutes. */
async function freeLease(api: Api, { ended, logFile }: Child): Promise<void> {
  await ended;
  const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${controllerName}`;
  const { holderIdentity } = Lease.parse((await api.get(path)) ?? {}).spec;
  if (holderIdentity !== undefined && (await readFile(logFile, "utf8")).includes(holderIdentity))
    await api.remove(path);
}

const Lease = z.object({ spec: z.object({ holderIdentity: z.string().optional() }).default({}) });

async function accountToken(api: Api): Promise<string> {
  const request = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { expirationSeconds: 24 * 3600 },
  };
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${controllerName}/token`;
  const answer = await api.send("POST", path, request);
  return z.object({ status: z.object({ token: z.string() }) }).parse(answer).status.token;
}
