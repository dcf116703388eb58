// A task of vCenter, waited for.
import { z } from "zod";
import { pause } from "../../common/deadline.ts";
import { Reference, readAnswer } from "./answer.ts";
import type { Call } from "./exchange.ts";
import { methodFault, VimFault } from "./fault.ts";
import { readProperties } from "./properties.ts";
import type { Session } from "./session.ts";
import type { Operation } from "./wsdl.ts";

const cancelMilliseconds = 15_000;

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
  const task = readAnswer(Reference, (await session.call(method, call)).value, what);
  const info = await endOf(session, task, { ...waiting, what }).catch(async (thrown: unknown) => {
    await cancel(session, task);
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

/** With a signal of its own. One that has ended meanwhile, or cannot be cancelled, is a fault of no interest. */
async function cancel(session: Session, task: Reference): Promise<void> {
  const cancelling = session.under(AbortSignal.timeout(cancelMilliseconds));
  await cancelling.call("CancelTask", { on: task }).catch(() => undefined);
}

const TaskInfo = z.object({
  "info.state": z.enum(["queued", "running", "success", "error"]),
  "info.result": z.unknown().optional(),
  "info.error": z.unknown().optional(),
  "info.progress": z.coerce.number().catch(0),
});
