// The privileges of the account: what it lacks of those that are wanted.
import { z } from "zod";
import { listOf, Reference, readAnswer } from "./answer.ts";
import { element, referenceElement } from "./element.ts";
import { VimFault } from "./fault.ts";
import type { Session } from "./session.ts";

export interface Wanted {
  entity: Reference;
  /** The object, for people. */
  what: string;
  privileges: readonly string[];
}

/**
 * Of each wanted object the privileges that the account has not, in the order given; objects that lack none are left out. One call,
 * that of OpenShift's installer for the same question; needs System.View on the objects. A vCenter that cannot answer it for the account
 * (one of a directory that it asks elsewhere) is taken at its word later: each call is answered by what the account may do. Throws VimFault.
 */
export async function missingPrivileges<One extends Wanted>(session: Session, wanted: readonly One[]): Promise<One[]> {
  const on = session.content.authorizationManager;
  if (on === undefined || wanted.length === 0) return [];
  const entities = [...new Map(wanted.map(({ entity }) => [entity.value, entity])).values()];
  const fields = [
    ...entities.map((entity) => referenceElement("entities", entity)),
    element("userName", session.account),
  ];
  const { account, server, log } = session;
  try {
    const { value } = await session.call("FetchUserPrivilegeOnEntities", { on, fields });
    return lackOf(wanted, readAnswer(Held, value, `Privileges of ${account} at vCenter ${server}`));
  } catch (thrown) {
    if (!(thrown instanceof VimFault && thrown.fault !== null && unanswered.includes(thrown.fault))) throw thrown;
    log.warn({ server, account, message: thrown.message }, "vCenter does not tell the account's privileges: going on.");
    return [];
  }
}

const unanswered: readonly string[] = ["InvalidArgument", "UserNotFound", "NotSupported", "NotImplemented"];

const Held = listOf(z.object({ entity: Reference, privileges: listOf(z.string()) }));

/** What is wanted and not held. An object that vCenter says nothing of gives nothing. */
export function lackOf<One extends Wanted>(wanted: readonly One[], held: z.output<typeof Held>): One[] {
  const byEntity = new Map(held.map(({ entity, privileges }) => [entity.value, new Set(privileges)]));
  const lacks = wanted.map((one) => {
    const has = byEntity.get(one.entity.value);
    return { ...one, privileges: one.privileges.filter((privilege) => has?.has(privilege) !== true) };
  });
  return lacks.filter(({ privileges }) => privileges.length > 0);
}
