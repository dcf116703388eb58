// The late answers: a server that takes its time keeps nobody waiting, and what it says in the end is not asked for again.
import { pause } from "../common/deadline.ts";
import { VimFault } from "./vsphere/fault.ts";

/** In milliseconds. */
interface Patience {
  /** With a question that was just asked. */
  first: number;
  /** With one that was asked in an earlier pass. */
  further: number;
}

interface Asked<T> {
  key: string;
  answer: Promise<T>;
  since: number;
  settled: boolean;
}

export interface LateAnswers<T> {
  /**
   * Asks, and waits a little. Throws VimFault VCenterUnreachable when there is no answer by then; the question stays open, and the
   * same one (`key`) is answered by it in a later pass. As long as it is open, no other is asked. Throws what `work` throws.
   */
  ask: (server: string, key: string, work: () => Promise<T>) => Promise<T>;
}

const usual: Patience = { first: 15_000, further: 500 };

export function createLateAnswers<T>(patience: Patience = usual): LateAnswers<T> {
  const open = new Map<string, Asked<T>>();
  return {
    ask: async (server, key, work) => {
      const earlier = open.get(server);
      if (earlier !== undefined && !(await ends(earlier, patience.further))) throw late(server, earlier);
      open.delete(server);
      if (earlier?.key === key) return await earlier.answer;
      const asked = begin(key, work);
      if (await ends(asked, patience.first)) return await asked.answer;
      open.set(server, asked);
      throw late(server, asked);
    },
  };
}

function begin<T>(key: string, work: () => Promise<T>): Asked<T> {
  const answer = work();
  const asked: Asked<T> = { key, answer, since: performance.now(), settled: false };
  const settle = () => {
    asked.settled = true;
  };
  answer.then(settle, settle);
  return asked;
}

/** Whether it is answered by then. */
async function ends({ answer, ...asked }: Asked<unknown>, milliseconds: number): Promise<boolean> {
  if (asked.settled) return true;
  const over = new AbortController();
  const answered = answer.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([answered, pause(over.signal, milliseconds).then(() => false)]);
  } finally {
    over.abort();
  }
}

function late(server: string, { since }: Asked<unknown>): VimFault {
  const seconds = Math.round((performance.now() - since) / 1000);
  const message = `vCenter ${server} has not answered for ${seconds} s: what is done elsewhere does not wait for it.`;
  return new VimFault("VCenterUnreachable", message);
}
