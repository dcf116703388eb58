// The user's kubeconfig: that of $KUBECONFIG, merged as kubectl merges it, with every way of logging in that client-node knows.
// Not the lean reader of common/kube: that is for pods, and refuses what people have: plugins (`exec`), OIDC, proxies, impersonation.
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { parse } from "yaml";
import { z } from "zod";
import { ApiCredentialsError } from "../../common/kube/kubeconfig.ts";
import { oneLine } from "../../common/one-line.ts";
import { hint } from "../did-you-mean.ts";

export interface Login {
  config: KubeConfig;
  server: string;
  /** Sent besides what client-node sends. */
  headers: Record<string, string | string[]>;
}

export interface Where {
  kubeconfigs: readonly string[];
  /** Whether the files were named one by one: then each has to be there. */
  context: string | undefined;
  inPod: boolean;
}

const User = z.looseObject({
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  as: z.string().optional(),
  "as-uid": z.string().optional(),
  "as-groups": z.array(z.string()).optional(),
  "as-user-extra": z.record(z.string(), z.array(z.string())).optional(),
});
const Users = z.array(z.looseObject({ name: z.string(), user: User.nullish() })).nullish();
const File = z.looseObject({ users: Users });

/** Throws ApiCredentialsError (ApiCredentialsInvalid). */
export async function logIn({ kubeconfigs, context, inPod }: Where): Promise<Login> {
  const read = await Promise.all(kubeconfigs.map((file) => readFileAt(file)));
  const files = read.filter((one) => one !== null);
  if (files.length === 0) {
    if (inPod) return fromPod();
    const where = kubeconfigs.join(", ");
    throw invalid(`There is no kubeconfig at ${where}: log in (oc login …), or name one with --kubeconfig.`);
  }
  const config = merged(files.map(({ config: one }) => one));
  if (context !== undefined) config.setCurrentContext(context);
  const { user, server } = current(config, context);
  const own = files.flatMap(({ users }) => users).find(({ name }) => name === user);
  return { config, server, headers: impersonation(own?.user ?? {}) };
}

async function readFileAt(file: string) {
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return null;
    throw invalid(`The kubeconfig ${file} cannot be read (${cause.code}).`);
  });
  if (text === null || text.trim() === "") return null;
  try {
    const content = File.parse(parse(text));
    const users = await Promise.all((content.users ?? []).map((user) => withToken(user, dirname(file))));
    const config = new KubeConfig();
    config.loadFromString(JSON.stringify({ ...content, users }), { onInvalidEntry: "filter" });
    config.makePathsAbsolute(resolve(dirname(file)));
    return { config, users };
  } catch (cause) {
    if (cause instanceof ApiCredentialsError) throw cause;
    // The first line, and no cause: a YAML parser quotes the lines around a mistake, and one of them may be a token.
    const [why = ""] = cause instanceof z.ZodError ? ["its users have another form"] : String(cause).split("\n", 1);
    throw invalid(`The kubeconfig ${file} cannot be read: ${oneLine(why, 200)}.`);
  }
}

/** client-node knows no `tokenFile`; it goes before `token`, because it is kept fresh. */
async function withToken<T extends { name: string; user?: z.infer<typeof User> | null | undefined }>(
  entry: T,
  directory: string,
): Promise<T> {
  const file = entry.user?.tokenFile;
  if (file === undefined) return entry;
  // Another user's file is not needed, so it need not be there.
  const token = await readFile(resolve(directory, file), "utf8").catch(() => "");
  return { ...entry, user: { ...entry.user, token: token.trim() } };
}

/** The first file that has an entry goes before the others; client-node's own merging throws where two have one. */
function merged(files: readonly KubeConfig[]): KubeConfig {
  const config = new KubeConfig();
  const first = <T extends { name: string }>(entries: readonly T[]): T[] => [
    ...new Map(entries.toReversed().map((entry) => [entry.name, entry])).values(),
  ];
  config.loadFromOptions({
    clusters: first(files.flatMap(({ clusters }) => clusters)),
    users: first(files.flatMap(({ users }) => users)),
    contexts: first(files.flatMap(({ contexts }) => contexts)),
    currentContext: files.map((one) => one.currentContext).find((name) => name) ?? "",
  });
  return config;
}

function current(config: KubeConfig, wanted: string | undefined): { user: string; server: string } {
  const name = config.getCurrentContext();
  const names = config.contexts.map((one) => one.name);
  if (!name) throw invalid(`The kubeconfig has no current context: name one with --context (${some(names)}).`);
  const context = config.getContextObject(name);
  if (context === null) {
    const what = wanted === undefined ? "The kubeconfig's current context" : "The context";
    throw invalid(`${what} ${name} is not in the kubeconfig (${some(names)}).${hint(name, names)}`);
  }
  const server = config.getCluster(context.cluster)?.server ?? "";
  if (!URL.canParse(server)) throw invalid(`The kubeconfig names no server for its context ${name}.`);
  if (config.getUser(context.user) === null) throw invalid(`The kubeconfig has no user for its context ${name}.`);
  return { user: context.user, server };
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ") || "it has none";
  return names.length > 5 ? `${shown}, …` : shown;
}

/** client-node sends the user's name only, and who acts for somebody acts with that one's groups. */
function impersonation(user: z.infer<typeof User>): Login["headers"] {
  const groups = user["as-groups"] ?? [];
  const extra = Object.entries(user["as-user-extra"] ?? {});
  return {
    ...(groups.length > 0 ? { "impersonate-group": groups } : {}),
    ...(user["as-uid"] === undefined ? {} : { "impersonate-uid": user["as-uid"] }),
    ...Object.fromEntries(extra.map(([key, values]) => [`impersonate-extra-${encodeURIComponent(key)}`, values])),
  };
}

function fromPod(): Login {
  const config = new KubeConfig();
  config.loadFromCluster();
  return { config, server: config.getCurrentCluster()?.server ?? "", headers: {} };
}

function invalid(message: string): ApiCredentialsError {
  return new ApiCredentialsError("ApiCredentialsInvalid", message);
}
