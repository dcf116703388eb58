// The usage error: the command line is wrong, and how it is meant is said.
import { Failure } from "../common/failure.ts";

/** UsageInvalid. `command`: the one whose help has the rest. */
export class UsageError extends Failure {
  readonly command: string | null;

  constructor(message: string, command: string | null = null) {
    super("UsageInvalid", message);
    this.command = command;
  }
}
