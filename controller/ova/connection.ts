// The connection to an image's server: one answer whose body may be read, with a deadline for each silence.
import { type Answer, type ImageRequest, requestImage } from "./image-request.ts";
import { OvaError } from "./ova-error.ts";
import { BadStatus, Silence } from "./setback.ts";

export interface Connection extends Answer {
  /** Starts to watch the content: it breaks when nothing has come for so many milliseconds. Gives what ends the watch. */
  silence: (limit: () => number) => () => void;
}

/** More than a server's restart takes; a server that asks for more is asked too early. Milliseconds. */
const mostRetryAfter = 30_000;

/**
 * Resolves with an answer that `check` takes, of status 200 or 206, within `milliseconds`. Throws OvaError, Silence, BadStatus, and what
 * Node and undici throw.
 */
export async function connect(
  request: Omit<ImageRequest, "signal">,
  check: (answer: Answer) => void,
  { signal, milliseconds }: { signal: AbortSignal; milliseconds: number },
): Promise<Connection> {
  const own = new AbortController();
  const silent = () => own.abort(new Silence("the server fell silent"));
  const late = setTimeout(silent, milliseconds);
  try {
    const answer = await requestImage({ ...request, signal: AbortSignal.any([signal, own.signal]) });
    try {
      checkAnswer(answer);
      check(answer);
    } catch (thrown) {
      await answer.close();
      throw thrown;
    }
    return { ...answer, silence: (limit) => watch(answer.content.quiet, silent, limit) };
  } finally {
    clearTimeout(late);
  }
}

function checkAnswer({ status, headers }: Answer): void {
  if (status !== 200 && status !== 206) throw new BadStatus(status, retryAfter(headers));
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding.toLowerCase() === "identity") return;
  throw new OvaError(
    "DownloadFailed",
    "The server sends the image in another encoding than its own: mend its settings.",
  );
}

/** RFC 9110 §10.2.3: seconds, or a date. */
function retryAfter(headers: Headers): number {
  const text = headers.get("retry-after") ?? "";
  const milliseconds = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(milliseconds) ? 0 : Math.min(mostRetryAfter, Math.max(0, milliseconds));
}

/** One timer at a time: to start one for each chunk would cost more than to look. */
function watch(quiet: () => number, silent: () => void, limit: () => number): () => void {
  const look = () => {
    const left = limit() - quiet();
    if (left <= 0) silent();
    else timer = setTimeout(look, left);
  };
  let timer = setTimeout(look, limit());
  return () => clearTimeout(timer);
}
