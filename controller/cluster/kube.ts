// The API server as the controller speaks to it: JSON requests and watches with the credentials of a KubeConfig.
import { HttpMethod, type KubeConfig, RequestContext, Watch } from "@kubernetes/client-node";
import { request } from "undici";
import { z } from "zod";
import { deadline } from "../../common/deadline.ts";
import { Failure } from "../../common/failure.ts";

/** The API server refused or did not answer. `status` is the HTTP status, 0 without an answer. */
export class KubeError extends Failure {
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(status === 0 ? "ApiUnreachable" : "ApiRefused", message, options);
    this.status = status;
  }
}

export interface Kube {
  /** GET; undefined for 404. Throws KubeError. */
  get: (path: string) => Promise<unknown>;
  create: (path: string, object: unknown) => Promise<void>;
  patch: (path: string, kind: "json-patch" | "merge-patch", body: unknown) => Promise<void>;
  /** Watches from `query.resourceVersion`; resolves when the watch ended, rejects with what ended it. */
  watch: (
    path: string,
    query: Record<string, string | boolean>,
    each: (type: string, object: unknown) => void,
  ) => Promise<void>;
}

const timeout = 30_000;
const Status = z.object({ message: z.string().optional() });

/** `fieldManager` is the name that writes are made under. */
export function createKube(config: KubeConfig, fieldManager: string, signal: AbortSignal): Kube {
  const send = exchanger(config, signal);
  const named = (path: string) => `${path}?fieldManager=${fieldManager}`;
  return {
    get: (path) => send({ method: HttpMethod.GET, path }),
    create: async (path, body) => {
      await send({ method: HttpMethod.POST, path: named(path), body, type: "application/json" });
    },
    patch: async (path, kind, body) => {
      await send({ method: HttpMethod.PATCH, path: named(path), body, type: `application/${kind}+json` });
    },
    watch: (path, query, each) => watch(config, { path, query, each }, signal),
  };
}

interface Call {
  method: HttpMethod;
  path: string;
  body?: unknown;
  type?: string;
}

function exchanger(config: KubeConfig, signal: AbortSignal): (call: Call) => Promise<unknown> {
  // The KubeConfig makes a new one for each call: one is kept, for its connections.
  let dispatcher: ReturnType<RequestContext["getDispatcher"]>;
  return async (call) => {
    const { method, path, body, type } = call;
    const url = `${config.getCurrentCluster()?.server}${path}`;
    const context = new RequestContext(url, method);
    try {
      await config.applySecurityAuthentication(context);
      dispatcher ??= context.getDispatcher();
      const response = await request(url, {
        method,
        headers: { ...context.getHeaders(), accept: "application/json", ...(type ? { "content-type": type } : {}) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(dispatcher === undefined ? {} : { dispatcher }),
        signal: deadline(signal, timeout),
      });
      return answerOf(call, response.statusCode, await response.body.text());
    } catch (cause) {
      if (cause instanceof KubeError || signal.aborted) throw cause;
      const message = `${method} ${path}: ${cause instanceof Error ? cause.message : cause}; is the API server up?`;
      throw new KubeError(0, message, { cause });
    }
  };
}

function answerOf({ method, path }: Call, status: number, text: string): unknown {
  if (status === 404 && method === HttpMethod.GET) return undefined;
  if (status < 300) return text === "" ? undefined : JSON.parse(text);
  const message = Status.safeParse(parsed(text)).data?.message ?? text.slice(0, 300);
  throw new KubeError(status, `${method} ${path}: ${message}`);
}

interface Watching {
  path: string;
  query: Record<string, string | boolean>;
  each: (type: string, object: unknown) => void;
}

async function watch(config: KubeConfig, { path, query, each }: Watching, signal: AbortSignal): Promise<void> {
  const ended = Promise.withResolvers<void>();
  const stopped = () => ended.resolve();
  signal.addEventListener("abort", stopped, { once: true });
  let running: AbortController | undefined;
  try {
    const done = (error: unknown) => (error ? ended.reject(error) : ended.resolve());
    const started = new Watch(config).watch(path, { allowWatchBookmarks: true, ...query }, each, done);
    started.then((controller) => {
      running = controller;
      if (signal.aborted) controller.abort();
    }, ended.reject);
    if (signal.aborted) stopped();
    await ended.promise;
  } catch (cause) {
    if (isSilence(cause)) return;
    const status = WatchFailure.safeParse(cause).data?.statusCode ?? 0;
    throw new KubeError(status, `Watch of ${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  } finally {
    signal.removeEventListener("abort", stopped);
    running?.abort();
  }
}

const WatchFailure = z.object({ statusCode: z.number() });

/** client-node ends a watch that was silent for 30 s: no fault, it is taken up again. */
function isSilence(cause: unknown): boolean {
  return cause instanceof Error && cause.name === "TimeoutError";
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
