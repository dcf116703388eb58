// A task of vCenter, waited for.
import { z } from "zod";
import { pause } from "../../common/deadline.ts";
import { Reference, readAnswer } from "./answer.ts";
import type { Call } from "./exchange.ts";
import { methodFault, VimFault } from "./fault.ts";
import { withGrace } from "./grace.ts";
import { readProperties } from "./properties.ts";
import type { Session } from "./session.ts";
import type { Operation } from "./wsdl.ts";

/** Whoever is not there for the answer leaves a task that nobody knows. */
const starting = { whole: 120_000, stopped: 4_000 };
/** For a cancelled task to come to its end. */
const cancelling = { whole: 30_000, stopped: 4_000 };

interface Waiting {
  /** Names task and object, for messages. */
  what: string;
  /** The deadline; 10 min if left out. */
  milliseconds?: number;
  /** Told from time to time, in percent. */
  onProgress?: (percent: number) => void;
}

/**
 * Starts a task and waits for its end; resolves with its result. A task that is not waited for any longer is cancelled: it would
 * end behind our back. Throws VimFault: the task's own, TimedOut, Interrupted.
 */
export async function runTask(session: Session, [method, call]: [Operation, Call], waiting: Waiting): Promise<unknown> {
  const what = `${waiting.what} at vCenter ${session.server}`;
  const started = await withGrace(session.signal, starting, (signal) => session.call(method, { ...call, signal }));
  const task = readAnswer(Reference, started.value, what);
  const info = await endOf(session, task, { ...waiting, what }).catch(async (thrown: unknown) => {
    await cancel(session, task, { ...waiting, what });
    throw thrown;
  });
  if (info["info.state"] === "error") throw methodFault(info["info.error"], what);
  return info["info.result"];
}

async function endOf(session: Session, task: Reference, waiting: Waiting): Promise<z.output<typeof TaskInfo>> {
  const { what, milliseconds = 600_000, onProgress } = waiting;
  const end = Date.now() + milliseconds;
  for (let wait = 50; Date.now() < end; wait = Math.min(wait * 1.5, 2000)) {
    const info = readAnswer(TaskInfo, await readProperties(session, task, Object.keys(TaskInfo.shape)), what);
    if (info["info.state"] === "success" || info["info.state"] === "error") return info;
    onProgress?.(info["info.progress"]);
    await pause(session.signal, wait);
  }
  throw new VimFault("TimedOut", `${what} has not ended within ${milliseconds / 1000} s.`);
}

/** Waits for the end, too: what the task makes must not come into being behind our back. A fault is of no interest here. */
async function cancel(session: Session, task: Reference, { what }: Waiting): Promise<void> {
  await withGrace(session.signal, cancelling, async (signal) => {
    const own = session.under(signal);
    await own.call("CancelTask", { on: task }).catch(() => undefined);
    await endOf(own, task, { what, milliseconds: cancelling.whole });
  }).catch(() => undefined);
}

const TaskInfo = z.object({
  "info.state": z.enum(["queued", "running", "success", "error"]),
  "info.result": z.unknown().optional(),
  "info.error": z.unknown().optional(),
  "info.progress": z.coerce.number().catch(0),
});
