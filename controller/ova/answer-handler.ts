// The handler of an image's answer: what undici tells of it, made one promise of its head and the gathering of its body.
import type { Dispatcher } from "undici";
import type { SharedBlocks } from "../../common/shared-blocks.ts";
import type { DirectReads, Flow } from "./direct-reads.ts";
import { type Gathering, gathering } from "./gathering.ts";

export interface AnswerHead {
  status: number;
  headers: Headers;
  /** The bytes as they were sent, never decoded, in blocks. */
  content: Pick<Gathering, "body" | "quiet" | "drop">;
}

export interface Hearing {
  blocks: SharedBlocks;
  /** Ends the request and the body; its reason is thrown. */
  signal: AbortSignal;
  /** Of its connection; null where there are none. */
  direct: Pick<DirectReads, "into"> | null;
  heard: (head: AnswerHead) => void;
  failed: (thrown: unknown) => void;
}

/** Of one answer. A body whose length is known is read past undici, where that can be. */
export function answerHandler({ blocks, signal, direct, heard, failed }: Hearing): Dispatcher.DispatchHandler {
  let content: Gathering | null = null;
  let left = Number.POSITIVE_INFINITY;
  let stop = () => {};
  return {
    onRequestStart: (controller) => {
      stop = () => controller.abort(signal.reason);
      signal.addEventListener("abort", stop, { once: true });
      if (signal.aborted) stop();
    },
    onResponseStart: (controller, status, head) => {
      if (status < 200) return;
      const headers = headersOf(head);
      left = lengthOf(headers);
      let flow: Flow = controller;
      const gathered = gathering(blocks, () => flow);
      content = gathered;
      const filled = (bytes: number) => {
        if (left > 0) gathered.filled(Math.min(bytes, left));
        left -= bytes;
        if (left <= 0) gathered.end();
        return left > 0;
      };
      if (left < Number.POSITIVE_INFINITY) flow = direct?.into({ room: gathered.room, filled }) ?? flow;
      heard({ status, headers, content: gathered });
    },
    onResponseData: (_, chunk) => {
      left -= chunk.length;
      content?.add(chunk);
    },
    onResponseEnd: () => {
      signal.removeEventListener("abort", stop);
      content?.end();
    },
    onResponseError: (_, error) => {
      signal.removeEventListener("abort", stop);
      content?.fail(error);
      failed(error);
    },
  };
}

function headersOf(received: Record<string, string | string[] | undefined>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(received)) {
    for (const each of [value ?? []].flat()) headers.append(name, each);
  }
  return headers;
}

/** Bytes of the body as it is sent; infinite where only its end tells. undici refuses an answer that says both (RFC 9112 §6.3). */
function lengthOf(headers: Headers): number {
  const length = headers.get("content-length") ?? "";
  return /^\d{1,15}$/.test(length) ? Number(length) : Number.POSITIVE_INFINITY;
}
