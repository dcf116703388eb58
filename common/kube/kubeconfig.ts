// The kubeconfig: which API server its current context names, and where the proof of who we are stands.
import { resolve } from "node:path";
import { Failure } from "../failure.ts";
import { z } from "../schema.ts";

/** A credential as it stands in a kubeconfig: the text itself, or the file (absolute) to read it from, anew each time. */
export type Source = { text: string } | { file: string };

/** What a client needs of one context. Null: not given. */
export interface KubeContext {
  server: URL;
  /** The name to hold the server's certificate against, where it is not the address's. */
  serverName: string | null;
  ca: Source | null;
  token: Source | null;
  certificate: Source | null;
  key: Source | null;
}

/** No usable kubeconfig or ServiceAccount: every mistake is in the message. */
export class ApiCredentialsError extends Failure {}

const text = z.optional(z.string().check(z.minLength(1)));

const Cluster = z.object({
  server: z.string(),
  "tls-server-name": text,
  "certificate-authority": text,
  "certificate-authority-data": text,
  "insecure-skip-tls-verify": z.optional(z.boolean()),
  "proxy-url": text,
});

const User = z.object({
  token: text,
  tokenFile: text,
  "client-certificate": text,
  "client-certificate-data": text,
  "client-key": text,
  "client-key-data": text,
  exec: z.optional(z.unknown()),
  "auth-provider": z.optional(z.unknown()),
  username: text,
});

const Kubeconfig = z.object({
  "current-context": z.string(),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) })),
  clusters: z.array(z.object({ name: z.string(), cluster: Cluster })),
  users: z.array(z.object({ name: z.string(), user: z.nullish(User) })),
});

/**
 * The current context of a parsed kubeconfig; file names are relative to `directory`, as for kubectl.
 * Throws ApiCredentialsError (ApiCredentialsInvalid), also for what is deliberately left out: exec plugins, auth providers,
 * passwords, proxies and unverified TLS.
 */
export function currentContext(parsed: unknown, directory: string): KubeContext {
  const config = Kubeconfig.safeParse(parsed);
  if (!config.success) throw invalid([z.prettifyError(config.error).replaceAll("\n", " ")]);
  const { contexts, clusters, users, "current-context": current } = config.data;
  const context = contexts.find(({ name }) => name === current)?.context;
  if (context === undefined) throw invalid([`current-context "${current}" is not among its contexts`]);
  const cluster = clusters.find(({ name }) => name === context.cluster)?.cluster;
  const user = users.find(({ name }) => name === context.user)?.user;
  if (cluster === undefined) throw invalid([`cluster "${context.cluster}" is missing`]);
  if (user === undefined || user === null) throw invalid([`user "${context.user}" is missing`]);
  const mistakes = [...mistakesOfCluster(cluster), ...mistakesOfUser(user)];
  if (mistakes.length > 0) throw invalid(mistakes);
  const source = (data: string | undefined, file: string | undefined): Source | null => {
    if (data !== undefined) return { text: Buffer.from(data, "base64").toString("utf8") };
    return file === undefined ? null : { file: resolve(directory, file) };
  };
  return {
    server: new URL(cluster.server),
    serverName: cluster["tls-server-name"] ?? null,
    ca: source(cluster["certificate-authority-data"], cluster["certificate-authority"]),
    // client-go: a tokenFile goes before a token, because it is kept fresh.
    token: source(undefined, user.tokenFile) ?? (user.token === undefined ? null : { text: user.token }),
    certificate: source(user["client-certificate-data"], user["client-certificate"]),
    key: source(user["client-key-data"], user["client-key"]),
  };
}

function mistakesOfCluster(cluster: z.infer<typeof Cluster>): string[] {
  const server = URL.canParse(cluster.server) ? new URL(cluster.server) : null;
  return [
    ...(server?.protocol === "https:" ? [] : ["cluster.server is no https:// address"]),
    ...(server !== null && (server.username !== "" || server.password !== "")
      ? ["cluster.server carries a user name"]
      : []),
    ...(cluster["insecure-skip-tls-verify"] ? ["insecure-skip-tls-verify is not supported: name the CA instead"] : []),
    ...(cluster["proxy-url"] === undefined ? [] : ["proxy-url is not supported"]),
  ];
}

function mistakesOfUser(user: z.infer<typeof User>): string[] {
  const hasToken = user.token !== undefined || user.tokenFile !== undefined;
  const hasCertificate = user["client-certificate"] !== undefined || user["client-certificate-data"] !== undefined;
  const hasKey = user["client-key"] !== undefined || user["client-key-data"] !== undefined;
  return [
    ...(user.exec === undefined ? [] : ["exec plugins are not supported: use a token, a tokenFile or a certificate"]),
    ...(user["auth-provider"] === undefined ? [] : ["auth-provider is not supported: use a token or a certificate"]),
    ...(user.username === undefined ? [] : ["user name and password are not supported: use a token or a certificate"]),
    ...(hasCertificate === hasKey ? [] : ["client-certificate and client-key must be given together"]),
    ...(hasToken || hasCertificate || hasKey ? [] : ["the user has neither a token nor a client certificate"]),
  ];
}

function invalid(mistakes: string[]): ApiCredentialsError {
  return new ApiCredentialsError("ApiCredentialsInvalid", `The kubeconfig cannot be used: ${mistakes.join("; ")}.`);
}
