// The command: what it is called, what its help says, and what it does.
import type { CommandLine, Syntax } from "./command-line.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { Session } from "./session.ts";

export interface Command extends Syntax {
  /** Whether it only looks. */
  kind: "Look" | "Act";
  /** One line. */
  summary: string;
  /** Paragraphs. */
  about: readonly string[];
  examples: readonly { does: string; line: string }[];
  /** Throws Failure. */
  run: (given: CommandLine, session: Session) => Promise<ExitCode>;
}
