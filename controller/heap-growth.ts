// The growth of the heap between two collections: held down by a flag of the process, and let go while an image streams through.
import { execArgv } from "node:process";
import { setFlagsFromString } from "node:v8";
import type { WhileStreaming } from "./apply/context.ts";

const flag = "--heap-growing-percent=";
/** Percent: with 50 the collections take as long as the import itself, with 100 half as long; with V8's own rule RSS is now and then 190 MB. */
const streaming = 150;

/**
 * For a process that was started with V8's flag --heap-growing-percent; for others there is nothing to do. V8 reads the flag anew at each
 * collection. `set`: as node:v8 has it.
 */
export function heapGrowth(flags: readonly string[] = execArgv, set = setFlagsFromString): WhileStreaming {
  const own = flags.findLast((one) => one.startsWith(flag));
  if (own === undefined) return (work) => work();
  let streams = 0;
  return async (work) => {
    streams += 1;
    if (streams === 1) set(`${flag}${streaming}`);
    try {
      return await work();
    } finally {
      streams -= 1;
      if (streams === 0) set(own);
    }
  };
}
