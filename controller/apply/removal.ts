// The removal of a virtual machine or template of ours: asked about anew before each try, and patient with a lock.
import { backoff } from "../../common/backoff.ts";
import { pause } from "../../common/deadline.ts";
import { failureOf } from "../../common/failure.ts";
import type { Reference } from "../vsphere/answer.ts";
import { isGone, isLocked } from "../vsphere/fault.ts";
import type { Session } from "../vsphere/session.ts";
import { destroy, readTemplate, type TemplateFacts } from "../vsphere/template.ts";

/** The lease of an import that died locks its virtual machine for about 5 minutes. */
const usualPatience = 420_000;
const rest = { first: 1000, most: 20_000 };

export interface Removal {
  /** Whether it is ours to remove, as it stands now: asked right before it goes. What it throws comes through. */
  mayGo: (facts: TemplateFacts) => boolean | Promise<boolean>;
  /** For how long a locked one is tried again, in milliseconds; 420,000 if left out, 0: one try. */
  patience?: number;
}

/**
 * Removes it with its disks; one that is gone is no failure. False if it may not go (any more). The session's signal ends the
 * tries. Throws VimFault; `isLocked` tells of a lock that outlasted the patience.
 */
export async function remove(session: Session, reference: Reference, removal: Removal): Promise<boolean> {
  const { mayGo, patience = usualPatience } = removal;
  const end = performance.now() + patience;
  for (let tries = 1; ; tries += 1) {
    try {
      return await tryToRemove(session, reference, mayGo);
    } catch (thrown) {
      if (isGone(thrown)) return true;
      if (!isLocked(thrown) || performance.now() >= end || session.signal.aborted) throw thrown;
      const fields = { server: session.server, vm: reference.value, tries, ...failureOf(thrown) };
      session.log.info(fields, "A virtual machine of ours is locked: its removal is tried again.");
      await pause(session.signal, Math.min(backoff(tries, rest), Math.max(0, end - performance.now())));
    }
  }
}

async function tryToRemove(session: Session, reference: Reference, mayGo: Removal["mayGo"]): Promise<boolean> {
  const facts = await readTemplate(session, reference);
  if (!(await mayGo(facts))) return false;
  session.log.info({ server: session.server, path: facts.path }, "Removing a virtual machine or template of ours.");
  await destroy(session, reference);
  return true;
}
