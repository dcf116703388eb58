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
    // On the finished line: pino's own redaction wants the path of each secret, and an error of others has it anywhere.
    hooks: { streamWrite: redacted },
  });
}

const secrets =
  /("(?:password|token|authorization|cookie|set-cookie|vmware-api-session-id)":)(?:"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^",{[\]}]+)/gi;
const userinfo = /\/\/(?:[^\s/@"\\]|\\.)*@/g;
const credentials = /\b(Bearer|Basic) [\w.~+/=-]{16,}/g;

function redacted(line: string): string {
  return line.replace(secrets, '$1"[redacted]"').replace(userinfo, "//").replace(credentials, "$1 [redacted]");
}
