// The API server as its user sees it: JSON requests with the credentials of the kubeconfig, each with a deadline.
import { HttpMethod, RequestContext } from "@kubernetes/client-node";
import { type Dispatcher, request } from "undici";
import { z } from "zod";
import { deadline } from "../../common/deadline.ts";
import { ApiCredentialsError } from "../../common/kube/kubeconfig.ts";
import { ApiError } from "../../common/kube/request.ts";
import { oneLine } from "../../common/one-line.ts";
import { version } from "../version.ts";
import type { Login } from "./kubeconfig.ts";
import { pathOf, type Resource } from "./resource.ts";
import { type Right, RightMissing } from "./right-missing.ts";

export interface Api {
  /** undefined: there is no such object, or the cluster knows no such kind. Throws RightMissing and ApiError. */
  get: (resource: Resource, name: string) => Promise<unknown>;
  /** All objects, page by page; undefined: the cluster knows no such kind. `metadata`: only that of each is asked for. */
  list: (resource: Resource, query?: { labelSelector?: string; metadata?: boolean }) => Promise<unknown[] | undefined>;
  patch: (patch: Patch) => Promise<unknown>;
  /** Whether the cluster knows the kind's version at all; everybody who is logged in may ask. */
  serves: (resource: Resource) => Promise<boolean>;
}

interface Patch {
  resource: Resource;
  name: string;
  type: "json-patch" | "merge-patch";
  body: unknown;
  /** Whether the API server only checks it. */
  dryRun: boolean;
}

const timeLimit = 30_000;
/** Plugins for credentials may ask a browser. */
const loginLimit = 120_000;
const pageSize = 500;
const fieldManager = "kubectl-bootwarden";
const userAgent = `${fieldManager}/${version}`;

export function connect(login: Login, signal: AbortSignal): Api {
  const send = sender(login, signal);
  return {
    get: async (resource, name) => {
      const answer = await send({ path: pathOf(resource, name), right: { verb: "get", resource, name } });
      return answer.status === 404 ? undefined : answer.body;
    },
    list: (resource, query = {}) => listAll(send, resource, query),
    patch: async ({ resource, name, type, body, dryRun }) => {
      const query = new URLSearchParams({ fieldManager, ...(dryRun ? { dryRun: "All" } : {}) });
      const right: Right = { verb: "patch", resource, name };
      const path = `${pathOf(resource, name)}?${query}`;
      const answer = await send({ path, right, body, type: `application/${type}+json` });
      if (answer.status !== 404) return answer.body;
      throw new ApiError("ApiRefused", 404, { message: `${resource.plural} ${name} is not there any more.` });
    },
    serves: async (resource) => {
      const { group, version } = resource;
      const answer = await send({ path: `/apis/${group}/${version}`, right: { verb: "get", resource } });
      return answer.status !== 404;
    },
  };
}

interface Call {
  path: string;
  right: Right;
  accept?: string;
  type?: string;
  body?: unknown;
}

interface Answer {
  status: number;
  body: unknown;
}

type Send = (call: Call) => Promise<Answer>;

const List = z.object({
  metadata: z.object({ continue: z.string().optional() }).default({}),
  items: z.array(z.unknown()).nullable(),
});

async function listAll(
  send: Send,
  resource: Resource,
  { labelSelector, metadata }: { labelSelector?: string; metadata?: boolean },
): Promise<unknown[] | undefined> {
  const accept = metadata ? "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1" : "application/json";
  const items: unknown[] = [];
  let next = "";
  do {
    const query = new URLSearchParams({
      limit: `${pageSize}`,
      ...(labelSelector === undefined ? {} : { labelSelector }),
      ...(next === "" ? {} : { continue: next }),
    });
    const call = { path: `${pathOf(resource)}?${query}`, right: { verb: "list", resource }, accept } as const;
    const { status, body } = await send(call);
    if (status === 404) return undefined;
    const page = List.parse(body);
    items.push(...(page.items ?? []));
    next = page.metadata.continue ?? "";
  } while (next !== "");
  return items;
}

function sender(login: Login, signal: AbortSignal): Send {
  let dispatcher: Dispatcher | undefined;
  return async (call) => {
    const { path, right, type, accept = "application/json", body } = call;
    const context = new RequestContext(login.server, HttpMethod.GET);
    await authenticate(login, context, signal);
    // The KubeConfig makes a new one for each call: one is kept, for its connections.
    dispatcher ??= context.getDispatcher();
    const limit = deadline(signal, timeLimit);
    const answering = request(`${login.server}${path}`, {
      method: body === undefined ? "GET" : "PATCH",
      headers: {
        ...context.getHeaders(),
        ...login.headers,
        accept,
        "user-agent": userAgent,
        ...(type ? { "content-type": type } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(dispatcher === undefined ? {} : { dispatcher }),
      signal: limit,
    });
    const { statusCode: status, text } = await inTime(answering, limit)
      .then(async (answer) => ({ statusCode: answer.statusCode, text: await answer.body.text() }))
      .catch((cause: unknown) => {
        throw unreachable(login, cause);
      });
    return answerOf(right, { status, text });
  };
}

async function authenticate(login: Login, context: RequestContext, signal: AbortSignal): Promise<void> {
  const asked = login.config.applySecurityAuthentication(context);
  await inTime(asked, deadline(signal, loginLimit)).catch((cause: unknown) => {
    const why = oneLine(cause instanceof Error ? cause.message : String(cause), 300) || "it ended with an error";
    const message = `The kubeconfig's credentials cannot be had: ${why}`;
    throw new ApiCredentialsError("ApiCredentialsInvalid", message, { cause });
  });
}

/** Rejects with the signal, also where what is waited for does not heed it: undici only does when a connection stands. */
async function inTime<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const late = Promise.withResolvers<never>();
  const end = () => late.reject(signal.reason);
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

function unreachable(login: Login, cause: unknown): ApiError {
  const said = cause instanceof Error ? `${cause.message}${"code" in cause ? ` (${cause.code})` : ""}` : String(cause);
  const message = `The API server ${new URL(login.server).host} does not answer: ${oneLine(said, 300)}`;
  return new ApiError("ApiUnreachable", null, { message, cause });
}

const Status = z.object({ message: z.string() });

function answerOf(right: Right, { status, text }: { status: number; text: string }): Answer {
  const body = parsed(text);
  if ((status >= 200 && status < 300) || status === 404) {
    if (body !== undefined || status === 404) return { status, body };
    throw new ApiError("ApiAnswerUnreadable", status, { message: "The API server's answer is no JSON: is it one?" });
  }
  const said = oneLine(Status.safeParse(body).data?.message ?? text, 500);
  // Admission answers 403 as well, and no right helps against it.
  if (status === 403 && /cannot \w+ resource|cannot impersonate/.test(said)) throw new RightMissing(right, said);
  const message =
    status === 401
      ? "The API server does not know you (401): log in again, e.g. by oc login."
      : `The API server answers ${status}: ${said}`;
  throw new ApiError(status === 429 || status >= 500 ? "ApiUnreachable" : "ApiRefused", status, { message });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
