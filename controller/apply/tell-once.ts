// The notices of one step: what follows from a cause that was told already is not told again.
import type { Reason } from "../../common/reasons.ts";
import type { Context } from "./context.ts";

/** A context that leaves out notices whose `unlessTold` was told through it before. */
export function tellOnce(context: Context): Context {
  const told = new Set<Reason>();
  const onNotice: Context["onNotice"] = ({ unlessTold, ...notice }) => {
    if (unlessTold !== undefined && told.has(unlessTold)) return;
    told.add(notice.reason);
    context.onNotice(notice);
  };
  return { ...context, onNotice };
}
