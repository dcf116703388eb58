// The trouble with a node: what a person is to be told of by an Event.
import { isReason, type Reason } from "../../common/reasons.ts";
import type { Verdict } from "./verdict.ts";

const agentError = "AgentError/";

/** A Mismatch, or a host that the agent cannot inspect, in the agent's word for it; null: nothing to tell. */
export function troubleOf({ verdict, reason }: Pick<Verdict, "verdict" | "reason">): Reason | null {
  const word = reason.startsWith(agentError) ? reason.slice(agentError.length) : reason;
  return (verdict === "Mismatch" || word !== reason) && isReason(word) ? word : null;
}
