// The late answers: a server that takes its time keeps nobody waiting, and what it says in the end is used.
import { pause } from "../common/deadline.ts";
import { VimFault } from "./vsphere/fault.ts";

/** In milliseconds. */
interface Patience {
  /** With a question to a server that is as quick as it should be. */
  first: number;
  /** With one to a server that was late last time, or that is open since an earlier pass. */
  further: number;
  /** How long a question may be open: until then the answer before it stands for its own. */
  most: number;
}

interface Asked<T> {
  key: string;
  answer: Promise<T>;
  since: number;
  /** When it was answered, well or not; null while it is open. */
  settled: number | null;
}

interface Server<T> {
  open: Asked<T> | null;
  /** The last good answer. */
  last: { key: string; value: T } | null;
  slow: boolean;
}

export interface LateAnswers<T> {
  /**
   * Asks, and waits a little. When there is no answer by then the question stays open, as the only one, and the answer before it
   * stands for its own if it was to the same question (`key`). Throws VimFault VCenterUnreachable when there is none, or when it is open for too long,
   * and what `work` throws.
   */
  ask: (server: string, key: string, work: () => Promise<T>) => Promise<T>;
}

export interface LateAnswersParts {
  /** Called when a question is answered that somebody did not wait for. */
  answered: () => void;
  patience?: Patience;
}

const usual: Patience = { first: 15_000, further: 500, most: 60_000 };

export function createLateAnswers<T>({ answered, patience = usual }: LateAnswersParts): LateAnswers<T> {
  const servers = new Map<string, Server<T>>();
  return {
    ask: async (name, key, work) => {
      const server = servers.get(name) ?? { open: null, last: null, slow: false };
      servers.set(name, server);
      const { open } = server;
      if (open !== null && !(await ends(open, patience.further))) return standIn(server, { name, key, patience });
      if (open !== null) {
        server.open = null;
        server.slow = (open.settled ?? 0) - open.since > patience.first;
        const isOld = performance.now() - (open.settled ?? 0) > patience.most;
        if (open.key === key && !isOld) return await taken(server, open);
      }
      const asked = begin(key, work);
      const stands = server.slow && server.last?.key === key;
      if (await ends(asked, stands ? patience.further : patience.first)) return await taken(server, asked);
      server.open = asked;
      server.slow = true;
      asked.answer.then(answered, answered);
      return standIn(server, { name, key, patience });
    },
  };
}

function begin<T>(key: string, work: () => Promise<T>): Asked<T> {
  const asked: Asked<T> = { key, answer: work(), since: performance.now(), settled: null };
  const settle = () => {
    asked.settled = performance.now();
  };
  asked.answer.then(settle, settle);
  return asked;
}

/** Whether it is answered by then. */
async function ends({ answer, settled }: Asked<unknown>, milliseconds: number): Promise<boolean> {
  if (settled !== null) return true;
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

async function taken<T>(server: Server<T>, { key, answer }: Asked<T>): Promise<T> {
  server.last = null;
  const value = await answer;
  server.last = { key, value };
  return value;
}

function standIn<T>({ open, last }: Server<T>, own: { name: string; key: string; patience: Patience }): T {
  const waited = performance.now() - (open?.since ?? 0);
  if (last?.key === own.key && waited < own.patience.most) return last.value;
  const seconds = Math.round(waited / 1000);
  const message = `vCenter ${own.name} has not answered for ${seconds} s: what is done elsewhere does not wait for it.`;
  throw new VimFault("VCenterUnreachable", message);
}
