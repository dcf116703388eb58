// The API server as the controller speaks to it: JSON requests and watches with the credentials of a KubeConfig.
import { HttpMethod, type KubeConfig, RequestContext } from "@kubernetes/client-node";
import { request } from "undici";
import { deadline } from "../../common/deadline.ts";
import { Failure } from "../../common/failure.ts";
import { KubeError, type Refusal, refusal } from "./kube-error.ts";
import { type Access, type Watching, watch } from "./watch.ts";

export interface Kube {
  /** GET; undefined for 404. Throws KubeError. */
  get: (path: string) => Promise<unknown>;
  /** POST; resolves with the object as it was made. Throws KubeError. */
  create: (path: string, object: unknown) => Promise<unknown>;
  /** PUT; resolves with the object as it was written. Refused (409) if it is not of the version that it names. Throws KubeError. */
  update: (path: string, object: unknown) => Promise<unknown>;
  /** Resolves with the object as it is then. Throws KubeError. */
  patch: (path: string, kind: "json-patch" | "merge-patch", body: unknown) => Promise<unknown>;
  /** Watches from `query.resourceVersion`; resolves when the watch ended, rejects with KubeError for what ended it. */
  watch: (watching: Watching) => Promise<void>;
}

const usualTimeout = 30_000;

export interface KubeContext {
  signal: AbortSignal;
  /** Called right before each request but a watch; throws if it may not be sent. */
  permit?: () => void;
  /** Of a request, in milliseconds; 30 s if left out. */
  timeout?: number;
}

/** `fieldManager` is the name that writes are made under. */
export function createKube(config: KubeConfig, fieldManager: string, context: KubeContext): Kube {
  const enter = entrance(config);
  const send = exchanger(enter, context);
  const named = (path: string) => `${path}?fieldManager=${fieldManager}`;
  return {
    get: (path) => send({ method: HttpMethod.GET, path }),
    create: (path, body) => send({ method: HttpMethod.POST, path: named(path), body, type: "application/json" }),
    update: (path, body) => send({ method: HttpMethod.PUT, path: named(path), body, type: "application/json" }),
    patch: (path, kind, body) =>
      send({ method: HttpMethod.PATCH, path: named(path), body, type: `application/${kind}+json` }),
    watch: async (watching) => watch({ ...(await enter(HttpMethod.GET)), signal: context.signal }, watching),
  };
}

type Entrance = (method: HttpMethod) => Promise<Omit<Access, "signal">>;

function entrance(config: KubeConfig): Entrance {
  // The KubeConfig makes a new one for each call: one is kept, for its connections.
  let dispatcher: ReturnType<RequestContext["getDispatcher"]>;
  return async (method) => {
    const url = `${config.getCurrentCluster()?.server}`;
    const context = new RequestContext(url, method);
    await config.applySecurityAuthentication(context).catch((cause: unknown) => {
      throw new KubeError(0, `The credentials cannot be read: ${cause instanceof Error ? cause.message : cause}`, {
        cause,
      });
    });
    dispatcher ??= context.getDispatcher();
    return { url, headers: context.getHeaders(), dispatcher };
  };
}

interface Call {
  method: HttpMethod;
  path: string;
  body?: unknown;
  type?: string;
}

function exchanger(
  enter: Entrance,
  { signal, permit, timeout = usualTimeout }: KubeContext,
): (call: Call) => Promise<unknown> {
  return async (call) => {
    const { method, path, body, type } = call;
    try {
      const { url, headers, dispatcher } = await enter(method);
      permit?.();
      const response = await request(`${url}${path}`, {
        method,
        headers: { ...headers, accept: "application/json", ...(type ? { "content-type": type } : {}) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(dispatcher === undefined ? {} : { dispatcher }),
        signal: deadline(signal, timeout),
      });
      return answerOf(call, {
        status: response.statusCode,
        text: await response.body.text(),
        headers: response.headers,
      });
    } catch (cause) {
      if (cause instanceof Failure || signal.aborted) throw cause;
      const message = `${method} ${path}: ${cause instanceof Error ? cause.message : cause}; is the API server up?`;
      throw new KubeError(0, message, { cause });
    }
  };
}

function answerOf({ method, path }: Call, answer: Refusal): unknown {
  const { status, text } = answer;
  if (status === 404 && method === HttpMethod.GET) return undefined;
  if (status < 300) return text === "" ? undefined : JSON.parse(text);
  throw refusal(`${method} ${path}`, answer);
}
