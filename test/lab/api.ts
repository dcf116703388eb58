// The lab's way to the API server: plain requests as administrator, or as somebody else.
import { readFile } from "node:fs/promises";
import { type Dispatcher, request } from "undici";
import { z } from "zod";
import { LabError } from "./lab-error.ts";

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string | undefined;
    uid?: string | undefined;
    resourceVersion?: string | undefined;
    creationTimestamp?: string | undefined;
    deletionTimestamp?: string | undefined;
    labels?: Record<string, string> | undefined;
    annotations?: Record<string, string> | undefined;
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

const KubeObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string().optional(),
    resourceVersion: z.string().optional(),
    creationTimestamp: z.string().optional(),
    deletionTimestamp: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
});
const List = z.object({ items: z.array(z.looseObject({})).nullable() });

export interface Api {
  /** Server-side apply of the object and, where it has one, of its status. */
  apply: (object: KubeObject) => Promise<KubeObject>;
  get: (path: string) => Promise<KubeObject | undefined>;
  list: (path: string) => Promise<KubeObject[]>;
  /** JSON merge patch. */
  merge: (path: string, patch: unknown) => Promise<KubeObject>;
  /** A patch of another kind, by its content type. */
  patch: (path: string, patch: unknown, type: string) => Promise<unknown>;
  send: (method: Dispatcher.HttpMethod, path: string, body?: unknown) => Promise<unknown>;
  remove: (path: string) => Promise<void>;
  /** The same API as a kubelet of that name, which NodeRestriction confines to its Node. */
  asKubelet: (node: string) => Api;
  /** The same API with headers of impersonation; those of before are gone. */
  impersonating: (headers: Record<string, string>) => Api;
  /** The same API with another token. */
  withToken: (token: string) => Api;
  /** The same API with no token: the dispatcher has a client certificate. */
  withCertificate: (dispatcher: Dispatcher) => Api;
}

interface Access {
  url: string;
  token: string | undefined;
  dispatcher: Dispatcher;
  headers?: Record<string, string>;
}

/** Reads a kubeconfig of the lab and speaks as its user. */
export async function connect(kubeconfig: string, dispatcher: Dispatcher): Promise<Api> {
  const Config = z.object({
    clusters: z.tuple([z.object({ cluster: z.object({ server: z.string() }) })]),
    users: z.tuple([z.object({ user: z.object({ token: z.string() }) })]),
  });
  const config = Config.parse(JSON.parse(await readFile(kubeconfig, "utf8")));
  return api({ url: config.clusters[0].cluster.server, token: config.users[0].user.token, dispatcher });
}

function api(access: Access): Api {
  const send: Api["send"] = (method, path, body) => call(access, { method, path, body, type: "application/json" });
  const patch = async (path: string, body: unknown, type: string) =>
    KubeObject.parse(await call(access, { method: "PATCH", path, body, type }));
  return {
    send,
    apply: (object) => apply(patch, object),
    get: async (path) => {
      const answer = await call(access, { method: "GET", path, missing: true });
      return answer === undefined ? undefined : KubeObject.parse(answer);
    },
    list: async (path) => {
      const items = List.parse(await send("GET", path)).items ?? [];
      return items.map((item) => KubeObject.parse({ apiVersion: "", kind: "", ...item }));
    },
    patch: (path, body, type) => call(access, { method: "PATCH", path, body, type }),
    merge: (path, body) => patch(path, body, "application/merge-patch+json"),
    remove: async (path) => {
      await call(access, { method: "DELETE", path, missing: true });
    },
    withToken: (token) => api({ ...access, token }),
    withCertificate: (dispatcher) => api({ ...access, token: undefined, dispatcher }),
    impersonating: (headers) => api({ ...access, headers }),
    asKubelet: (node) =>
      api({ ...access, headers: { "impersonate-user": `system:node:${node}`, "impersonate-group": "system:nodes" } }),
  };
}

async function apply(
  patch: (path: string, body: unknown, type: string) => Promise<KubeObject>,
  object: KubeObject,
): Promise<KubeObject> {
  const path = pathOf(object);
  const query = "?fieldManager=lab&force=true";
  const { status, ...desired } = object;
  const type = "application/apply-patch+yaml";
  const made = await patch(`${path}${query}`, desired, type);
  if (status === undefined) return made;
  const { apiVersion, kind, metadata } = object;
  const named = { name: metadata.name, namespace: metadata.namespace };
  return await patch(`${path}/status${query}`, { apiVersion, kind, metadata: named, status }, type);
}

/** The path of an object. Every kind that the lab uses has its plain plural, but Endpoints, which is one. */
function pathOf(object: Pick<KubeObject, "apiVersion" | "kind" | "metadata">): string {
  const plural = object.kind === "Endpoints" ? "endpoints" : pluralOf(object.kind.toLowerCase());
  const root = object.apiVersion.includes("/") ? `/apis/${object.apiVersion}` : `/api/${object.apiVersion}`;
  const { namespace, name } = object.metadata;
  return `${root}${namespace === undefined ? "" : `/namespaces/${namespace}`}/${plural}/${name}`;
}

function pluralOf(kind: string): string {
  return kind.endsWith("s") ? `${kind}es` : kind.endsWith("y") ? `${kind.slice(0, -1)}ies` : `${kind}s`;
}

interface Call {
  method: Dispatcher.HttpMethod;
  path: string;
  body?: unknown;
  type?: string;
  /** Whether a 404 is an answer. */
  missing?: boolean;
}

async function call(access: Access, { method, path, body, type, missing }: Call): Promise<unknown> {
  const response = await request(`${access.url}${path}`, {
    method,
    dispatcher: access.dispatcher,
    headers: {
      ...(access.token === undefined ? {} : { authorization: `Bearer ${access.token}` }),
      ...(type === undefined ? {} : { "content-type": type }),
      ...access.headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headersTimeout: 30_000,
  });
  const text = await response.body.text();
  if (response.statusCode === 404 && missing) return undefined;
  if (response.statusCode >= 300) throw new LabError(`${method} ${path}: ${response.statusCode} ${text.slice(0, 600)}`);
  return text === "" ? undefined : JSON.parse(text);
}
