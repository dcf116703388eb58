// The error of the API server: it refused, or did not answer.
import { z } from "zod";
import { Failure } from "../../common/failure.ts";

interface KubeErrorOptions extends ErrorOptions {
  /** Milliseconds that the API server asks to be left alone for. */
  retryAfter?: number;
}

/** `status` is the HTTP status, 0 without an answer. */
export class KubeError extends Failure {
  readonly status: number;
  readonly retryAfter: number;

  constructor(status: number, message: string, options: KubeErrorOptions = {}) {
    super(status === 0 ? "ApiUnreachable" : "ApiRefused", message, options);
    this.status = status;
    this.retryAfter = options.retryAfter ?? 0;
  }

  /** Whether the API server as a whole is in trouble or busy; else it refused this one request. */
  get isOutage(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

const Status = z.object({ message: z.string() });

/** The error that an answer of the API server says; `what` was asked. */
export function refusal(what: string, answer: Refusal): KubeError {
  const { status, text, headers } = answer;
  const message = Status.safeParse(parsed(text)).data?.message ?? text.slice(0, 300);
  const seconds = Number(headers["retry-after"]);
  const retryAfter = seconds > 0 ? Math.min(seconds * 1000, longestRest) : 0;
  return new KubeError(status, `${what}: ${message}`, { retryAfter });
}

export interface Refusal {
  status: number;
  text: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Whatever an answer says: bootwarden looks again within this time, in milliseconds. */
const longestRest = 60_000;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
