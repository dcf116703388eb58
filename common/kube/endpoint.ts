// The endpoint: where the API server is, and how to prove to it who we are.
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ApiCredentialsError, currentContext, type KubeContext, type Source } from "./kubeconfig.ts";

const serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";
const kubeconfigLimit = 1024 * 1024;

/** PEM texts and the bearer token; undefined where there is none. Without a `ca` the system's CAs hold. */
export interface Credentials {
  ca: string | undefined;
  token: string | undefined;
  certificate: string | undefined;
  key: string | undefined;
}

export interface Endpoint {
  server: URL;
  serverName: string | null;
  /**
   * Reads the files anew: bound tokens are rotated by the kubelet every hour or so, CA bundles now and then.
   * Throws ApiCredentialsError (ApiCredentialsInvalid).
   */
  credentials: () => Promise<Credentials>;
}

/** Settings that name the API server: a kubeconfig goes before the address that the kubelet gives every pod. */
interface Where {
  kubeconfig: string | undefined;
  serviceHost: string | undefined;
  servicePort: string | undefined;
}

/** Finds the API server and tries its credentials once. Throws ApiCredentialsError (ApiCredentialsInvalid). */
export async function findEndpoint(where: Where): Promise<Endpoint> {
  const context = where.kubeconfig === undefined ? inCluster(where) : await readKubeconfig(where.kubeconfig);
  const endpoint: Endpoint = {
    server: context.server,
    serverName: context.serverName,
    credentials: () => credentialsOf(context),
  };
  await endpoint.credentials();
  return endpoint;
}

/** As client-go's InClusterConfig does it. */
function inCluster({ serviceHost, servicePort }: Where): KubeContext {
  const host = serviceHost?.includes(":") ? `[${serviceHost}]` : serviceHost;
  const address = `https://${host}:${servicePort}`;
  if (host === undefined || servicePort === undefined || !URL.canParse(address)) {
    const message = "No API server is known: set KUBECONFIG, or run in a pod (KUBERNETES_SERVICE_HOST, …_PORT).";
    throw new ApiCredentialsError("ApiCredentialsInvalid", message);
  }
  return {
    server: new URL(address),
    serverName: null,
    ca: { file: join(serviceAccount, "ca.crt") },
    token: { file: join(serviceAccount, "token") },
    certificate: null,
    key: null,
  };
}

async function readKubeconfig(file: string): Promise<KubeContext> {
  const text = await readText(file);
  if (text.length > kubeconfigLimit) {
    throw new ApiCredentialsError("ApiCredentialsInvalid", `The kubeconfig ${file} is larger than 1 MiB.`);
  }
  try {
    return currentContext(await parse(text), dirname(file));
  } catch (cause) {
    if (cause instanceof ApiCredentialsError) throw cause;
    const message = `The kubeconfig ${file} is neither JSON nor YAML.`;
    throw new ApiCredentialsError("ApiCredentialsInvalid", message, { cause });
  }
}

async function parse(text: string): Promise<unknown> {
  if (text.trimStart().startsWith("{")) return JSON.parse(text);
  // Only a developer's machine has a YAML kubeconfig: a pod never pays for the parser.
  const { parse: parseYaml } = await import("yaml");
  return parseYaml(text);
}

async function credentialsOf(context: KubeContext): Promise<Credentials> {
  const [ca, token, certificate, key] = await Promise.all([
    read(context.ca),
    read(context.token),
    read(context.certificate),
    read(context.key),
  ]);
  return { ca, token: token?.trim(), certificate, key };
}

async function read(source: Source | null): Promise<string | undefined> {
  if (source === null) return undefined;
  return "text" in source ? source.text : await readText(source.file);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : cause;
    throw new ApiCredentialsError("ApiCredentialsInvalid", `${file} cannot be read (${code}).`, { cause });
  }
}
