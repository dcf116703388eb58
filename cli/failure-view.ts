// The view of a failure: its reason, its message, and what to do about it.
import { failureOf } from "../common/failure.ts";
import { program } from "./help.ts";
import { grants, RightMissing } from "./kube/right-missing.ts";
import { remedy } from "./remedy.ts";
import { PolicyError } from "./require-policy.ts";
import { type Block, command, text } from "./text/screen.ts";
import { bad, dim } from "./text/span.ts";
import { UsageError } from "./usage-error.ts";

/** Reasons whose message says everything. */
const complete = [
  "UsageInvalid",
  "NotConfirmed",
  "NameUnknown",
  "NotHalted",
  "RightMissing",
  "PolicyAbsent",
  "StatusAbsent",
  "ApiCredentialsInvalid",
];

export function failureBlocks(error: unknown): Block[] {
  const { reason, message } = failureOf(error);
  const more = complete.includes(reason) ? "" : remedy(reason);
  return [
    text([bad("Error"), ` (${reason}): ${message}`]),
    ...(more === "" ? [] : [text(dim(more))]),
    ...(error instanceof PolicyError ? error.commands.map(command) : []),
    ...(error instanceof RightMissing ? [text("An admin gives the right by:"), ...grants([error]).map(command)] : []),
    ...(error instanceof UsageError
      ? [text(`More: ${[program, error.command, "--help"].filter(Boolean).join(" ")}`)]
      : []),
  ];
}
