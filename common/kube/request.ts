// The request: one JSON call to the API server over verified TLS, with a deadline and a bounded answer.
// Not @kubernetes/client-node: it alone costs 12 MB of anonymous memory, and the agent may have 26 on every node of the cluster.
import type { IncomingMessage } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { deadline } from "../deadline.ts";
import { Failure } from "../failure.ts";
import { oneLine } from "../one-line.ts";
import { z } from "../schema.ts";
import type { Credentials, Endpoint } from "./endpoint.ts";

const answerLimit = 4 * 1024 * 1024;
const timeLimit = 15_000;

interface Call {
  method: "GET" | "PATCH" | "POST";
  /** Path and query, below the server's address. */
  path: string;
  /** `type` is the Content-Type, `value` is sent as JSON. */
  body?: { type: string; value: unknown };
  signal: AbortSignal;
}

/** The API server did not answer, or its answer is a refusal; `status` is the HTTP status, null where there is none. */
export class ApiError extends Failure {
  readonly status: number | null;

  constructor(
    reason: "ApiUnreachable" | "ApiRefused" | "ApiAnswerUnreadable",
    status: number | null,
    options: { message: string; cause?: unknown },
  ) {
    super(reason, options.message, { cause: options.cause });
    this.status = status;
  }
}

export interface KubeApi {
  /**
   * The parsed JSON of the answer. Throws ApiError: ApiUnreachable (network, TLS, 15 s passed, 429, 5xx), ApiRefused (other 4xx),
   * ApiAnswerUnreadable (no JSON, over 4 MiB); and ApiCredentialsError when a credential file is gone.
   */
  call: (call: Call) => Promise<unknown>;
  close: () => void;
}

/** A client of one API server. Close it, or its idle socket lives 5 s longer. */
export function connect(endpoint: Endpoint, userAgent: string): KubeApi {
  // An idle socket is dropped soon: after a failover of the API's address the next call would hang on it.
  const agent = new Agent({ keepAlive: true, timeout: 5_000, maxSockets: 2 });
  const call = async (wanted: Call): Promise<unknown> => {
    const credentials = await endpoint.credentials();
    const limited = { ...wanted, signal: deadline(wanted.signal, timeLimit) };
    const answer = await exchange(limited, { endpoint, credentials, agent, userAgent }).catch((cause: unknown) => {
      throw cause instanceof ApiError ? cause : unreachable(limited, endpoint, cause);
    });
    return judge(wanted, answer);
  };
  return { call, close: () => agent.destroy() };
}

interface Answer {
  status: number;
  body: string;
}

interface Client {
  endpoint: Endpoint;
  credentials: Credentials;
  agent: Agent;
  userAgent: string;
}

async function exchange(call: Call, by: Client): Promise<Answer> {
  const { ca, token, certificate, key } = by.credentials;
  const { server, serverName } = by.endpoint;
  const body = call.body === undefined ? undefined : JSON.stringify(call.body.value);
  const url = new URL(`${server.pathname.replace(/\/$/, "")}${call.path}`, server);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = httpsRequest(url, {
      method: call.method,
      agent: by.agent,
      signal: call.signal,
      rejectUnauthorized: true,
      ...(ca === undefined ? {} : { ca }),
      ...(certificate === undefined ? {} : { cert: certificate, key }),
      ...(serverName === null ? {} : { servername: serverName }),
      headers: {
        accept: "application/json",
        "user-agent": by.userAgent,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(call.body === undefined ? {} : { "content-type": call.body.type }),
        ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
      },
    });
    // on, not once: a body that breaks while the call is aborted gives two errors.
    request.once("response", resolve).on("error", reject).end(body);
  });
  return { status: response.statusCode ?? 0, body: await readBounded(response, call) };
}

async function readBounded(response: IncomingMessage, call: Call): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop by an error destroys the socket: a huge answer is not read to its end.
  for await (const chunk of response) {
    size += chunk.length;
    if (size > answerLimit) {
      const message = `${call.method} ${call.path}: the answer is larger than ${answerLimit} bytes.`;
      throw new ApiError("ApiAnswerUnreadable", response.statusCode ?? null, { message });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

const Status = z.object({ message: z.string() });

function judge(call: Call, { status, body }: Answer): unknown {
  const what = `${call.method} ${call.path}`;
  const parsed = parseJson(body);
  if (status >= 200 && status < 300) {
    if (parsed !== undefined) return parsed;
    throw new ApiError("ApiAnswerUnreadable", status, { message: `${what}: the answer is no JSON.` });
  }
  const said = oneLine(Status.safeParse(parsed).data?.message ?? body);
  const reason = status === 429 || status >= 500 ? "ApiUnreachable" : "ApiRefused";
  throw new ApiError(reason, status, { message: `${what}: the API server answers ${status}: ${said}` });
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function unreachable(call: Call, endpoint: Endpoint, cause: unknown): ApiError {
  const said = cause instanceof Error ? `${cause.message}${"code" in cause ? ` (${cause.code})` : ""}` : String(cause);
  const why = call.signal.aborted ? `the deadline of ${timeLimit / 1000} s has passed` : said;
  const message = `${call.method} ${call.path}: no answer from ${endpoint.server.host}: ${oneLine(why)}`;
  return new ApiError("ApiUnreachable", null, { message, cause });
}
