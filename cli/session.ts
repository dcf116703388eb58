// The session: what a command may use of the world while it runs.
import type { Api } from "./kube/api.ts";
import type { Block, Look } from "./text/screen.ts";

export interface Session {
  /** Logs in when first asked. Throws ApiCredentialsError. */
  api: () => Promise<Api>;
  look: Look;
  /** Onto the standard output; resolves when it is with the system, also where nobody reads any more. */
  print: (blocks: readonly Block[]) => Promise<void>;
  /** The same of finished text. */
  write: (text: string) => Promise<void>;
  /** Onto the standard error. */
  tell: (blocks: readonly Block[]) => Promise<void>;
  /** Whether somebody is there to answer. */
  isInteractive: boolean;
  /** True for yes. */
  ask: (question: string) => Promise<boolean>;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Rows of the terminal; null: it is none. */
  rows: () => number | null;
  /** Ctrl-C. */
  signal: AbortSignal;
  /** Aborts when nobody reads the standard output any more. */
  unread: AbortSignal;
}
