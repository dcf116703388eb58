// The view of `plan --preflight`: the check-list of a first run, with what the policy's conditions already tell.
import { type Check, firstRun } from "./first-run.ts";
import type { PolicyStatus } from "./read-policy.ts";
import { type Block, gap, item, text } from "./text/screen.ts";
import { bad, dim, good, type Span, strong } from "./text/span.ts";

/** `status`: null where there is none yet. */
export function preflightBlocks(status: PolicyStatus | null): Block[] {
  return [
    text(strong("The first run on a real vCenter")),
    text(
      "What the lab cannot tell. Begin on a cluster that is not in production, in mode Observe; then Manage with a " +
        "selection of one MachineSet. What the policy's conditions tell already is filled in, the rest is for your eyes.",
    ),
    gap,
    ...firstRun.flatMap((check) => checkBlocks(check, status)),
    gap,
    text(dim("docs/first-run.md holds the same list.")),
  ];
}

function checkBlocks({ look, because, expected, otherwise, condition }: Check, status: PolicyStatus | null): Block[] {
  const found = status?.conditions.find(({ type }) => type === condition?.type);
  const mark = markOf(found?.status, condition?.status);
  const told =
    found === undefined
      ? []
      : [item("       now: ", `${found.type} ${found.status}, ${found.message ?? found.reason ?? ""}`)];
  return [
    item(mark, strong(look)),
    ...(because === "" ? [] : [item("       why: ", because)]),
    item("       expected: ", expected),
    ...told,
    ...(otherwise === "" ? [] : [item("       if not: ", otherwise)]),
  ];
}

function markOf(found: string | undefined, wanted: string | undefined): Span {
  if (found === undefined || found === "Unknown") return { text: "[open] ", role: null };
  return found === wanted ? good("[ ok ] ") : bad("[ no ] ");
}
