// The banners: what an admin has to know before anything else.
import { age } from "./age.ts";
import type { PolicyStatus } from "./read-policy.ts";
import { conditionAt } from "./read-policy.ts";
import { type ControllerFacts, controllerTrouble, type StatusFacts } from "./status-facts.ts";
import { type Block, item } from "./text/screen.ts";
import { bad, warn } from "./text/span.ts";

export function banners(facts: StatusFacts): Block[] {
  const { status } = facts.policy;
  return [
    ...staleBanner(facts),
    ...(status === null ? [] : [...halted(status, facts.now), ...contested(status, facts.now), ...ahead(status)]),
  ];
}

/** Nothing where the controller is at work and has seen the policy, or where that is not known. */
export function staleBanner(facts: ControllerFacts): Block[] {
  const trouble = controllerTrouble(facts);
  return trouble === null ? [] : [item(warn("STALE     "), trouble)];
}

function halted({ rollout }: PolicyStatus, now: number): Block[] {
  const halt = rollout?.halted;
  if (halt === undefined) return [];
  return [item(bad("HALTED    "), `since ${age(halt.since ?? null, now)}. ${halt.message ?? halt.reason ?? ""}`)];
}

function contested({ machineSets }: PolicyStatus, now: number): Block[] {
  return machineSets.flatMap(({ name, state, contested: contest }) => {
    if (state !== "Contested") return [];
    const times = contest?.times === undefined ? "" : ` ${contest.times} times`;
    const who = contest?.manager ?? "Somebody";
    const last = contest?.last === undefined ? "" : `, last ${age(contest.last, now)} ago`;
    const what = `${name}: ${who} took bootwarden's move back${times}${last}. It is left to them.`;
    return [item(bad("CONTESTED "), what)];
  });
}

function ahead(status: PolicyStatus): Block[] {
  const found = conditionAt(status, "TakeoverAhead", "True");
  return found === undefined ? [] : [item(warn("TAKEOVER  "), found.message)];
}
