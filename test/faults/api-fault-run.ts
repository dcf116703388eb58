// One fault of the API server, suffered: with reports that change before, in its midst and after.
import { readFile } from "node:fs/promises";
import type { ApiFault } from "./api-fault.ts";
import type { ApiRoom } from "./api-room.ts";

export interface SufferedApiFault {
  /** From the fault's end until every verdict stood. */
  seconds: number;
  wrong: string[];
}

export async function sufferApiFault(room: ApiRoom, fault: ApiFault): Promise<SufferedApiFault> {
  const wrong: string[] = [];
  await room.change();
  await fault.suffer(room);
  await room.change();
  const seconds = await room.settled(fault.within * 1000).catch((error: unknown) => {
    wrong.push(String(error));
    return fault.within;
  });
  wrong.push(...(await room.wrong()));
  const child = room.controller.child();
  if (!child.running()) {
    const lines = (await readFile(child.logFile, "utf8")).trim().split("\n");
    wrong.push(`the controller ended: ${lines.at(-1)}`);
  }
  return { seconds, wrong };
}
