// The remedy of a reason: the one line of common/reasons.ts, also for reasons that hold another one.
import { isReason, reasons } from "../common/reasons.ts";

/** "" for a word that this version does not know. `AgentError/TimedOut` and `NotKnown/NoAleph` are answered by their second word. */
export function remedy(reason: string): string {
  const word = reason.slice(reason.lastIndexOf("/") + 1);
  return isReason(word) ? reasons[word] : "";
}
