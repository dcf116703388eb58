// A task of vCenter, waited for.
import { z } from "zod";
import { pause } from "../../common/deadline.ts";
import { Reference, readAnswer } from "./answer.ts";
import type { Call } from "./exchange.ts";
import { methodFault, VimFault } from "./fault.ts";
import { readProperties } from "./properties.ts";
import type { Session } from "./session.ts";
import type { Operation } from "./wsdl.ts";

interface Waiting {
  /** Names task and object, for messages. */
  what: string;
  /** The deadline; 10 min if left out. */
  milliseconds?: number;
  /** Told from time to time, in percent. */
  onProgress?: (percent: number) => void;
}

/** Starts a task and waits for its end; resolves with its result. Throws VimFault: the task's own, TimedOut. */
export async function runTask(session: Session, [method, call]: [Operation, Call], waiting: Waiting): Promise<unknown> {
  const what = `${waiting.what} at vCenter ${session.server}`;
  const task = readAnswer(Reference, (await session.call(method, call)).value, what);
  const milliseconds = waiting.milliseconds ?? 600_000;
  const end = Date.now() + milliseconds;
  for (let wait = 50; Date.now() < end; wait = Math.min(wait * 1.5, 2000)) {
    const info = readAnswer(TaskInfo, await readProperties(session, task, Object.keys(TaskInfo.shape)), what);
    if (info["info.state"] === "success") return info["info.result"];
    if (info["info.state"] === "error") throw methodFault(info["info.error"], what);
    waiting.onProgress?.(info["info.progress"]);
    await pause(session.signal, wait);
  }
  throw new VimFault("TimedOut", `${what} has not ended within ${milliseconds / 1000} s.`);
}

const TaskInfo = z.object({
  "info.state": z.enum(["queued", "running", "success", "error"]),
  "info.result": z.unknown().optional(),
  "info.error": z.unknown().optional(),
  "info.progress": z.coerce.number().catch(0),
});
