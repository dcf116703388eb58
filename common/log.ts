// The log: one JSON object a line on stdout, with whatever looks like a credential taken out.
import pino, { type Logger } from "pino";

export type Log = Logger;

/** A logger for one program. `level` is one of pino's level names. */
export function createLog(program: string, level: string): Log {
  return pino({
    base: { name: program },
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: ["password", "token", "*.password", "*.token", "*.authorization"], censor: "[redacted]" },
  });
}
