// The leftovers of imports and clones that did not come to their end: of an earlier run, or for an earlier release.
import { failureOf } from "../../common/failure.ts";
import type { Reference } from "../vsphere/answer.ts";
import { isGone, isLocked, VimFault } from "../vsphere/fault.ts";
import { findByPath } from "../vsphere/inventory.ts";
import type { Markers } from "../vsphere/markers.ts";
import { readBelow } from "../vsphere/properties.ts";
import type { Session } from "../vsphere/session.ts";
import { readTemplate, type TemplateFacts } from "../vsphere/template.ts";
import { isFinished } from "./finish-template.ts";
import { isTemporaryName } from "./names.ts";
import { isOurs, type Owner } from "./ownership.ts";
import { remove } from "./removal.ts";

/** What is ours in the folder and still bears the temporary name in its own marker, but for the paths in `making`. */
export async function findLeftovers(
  session: Session,
  folderPath: string,
  { owner, making }: { owner: Owner; making: ReadonlySet<string> },
): Promise<TemplateFacts[]> {
  const folder = await findByPath(session, folderPath);
  if (folder === null) return [];
  const leftovers: TemplateFacts[] = [];
  for (const { reference, properties } of await readBelow(session, folder, {
    type: "VirtualMachine",
    paths: ["name"],
  })) {
    if (typeof properties.name !== "string" || !isTemporaryName(properties.name)) continue;
    const facts = await readTemplate(session, reference).catch((thrown: unknown) => {
      if (isGone(thrown)) return null;
      throw thrown;
    });
    if (facts !== null && isLeftover(facts, owner) && !making.has(facts.path)) leftovers.push(facts);
  }
  return leftovers;
}

function isLeftover(facts: TemplateFacts, owner: Owner): boolean {
  return isOurs(facts, owner) && facts.name === facts.markers?.temp;
}

interface Wanted {
  folderPath: string;
  wanted: Omit<Markers, "temp">;
}

/**
 * Which of them is what is wanted, and lacks its name only; and the others, but for those that are the same for other places of the
 * image: the steps of those give them their names, as long as nobody else has them.
 */
export async function sortLeftovers(
  session: Session,
  leftovers: readonly TemplateFacts[],
  { folderPath, wanted }: Wanted,
): Promise<{ finished: TemplateFacts | undefined; others: TemplateFacts[] }> {
  const finishedAs = (facts: TemplateFacts, name: string) =>
    facts.path === `${folderPath}/${facts.name}` && isFinished(facts, { ...wanted, name, temp: facts.name });
  const finished = leftovers.find((facts) => finishedAs(facts, wanted.name));
  const others: TemplateFacts[] = [];
  for (const facts of leftovers) {
    const name = facts.markers?.name ?? wanted.name;
    const elsewhere = name !== wanted.name && finishedAs(facts, name);
    const spared = elsewhere && (await findByPath(session, `${folderPath}/${name}`)) === null;
    if (facts !== finished && !spared) others.push(facts);
  }
  return { finished, others };
}

/**
 * Removes leftovers, each tried once; resolves with those that are locked. One that vCenter refuses to remove (its datastore may be
 * gone) is no reason to make no template: it keeps its temporary name, and the next run tries again. Throws VimFault where vCenter
 * gives no answer.
 */
export async function removeLeftovers(
  session: Session,
  leftovers: readonly TemplateFacts[],
  owner: Owner,
): Promise<TemplateFacts[]> {
  const locked: TemplateFacts[] = [];
  for (const leftover of leftovers) {
    const removal = { mayGo: (facts: TemplateFacts) => isLeftover(facts, owner), patience: 0 };
    await remove(session, leftover.reference, removal).catch((thrown: unknown) => {
      if (isLocked(thrown)) locked.push(leftover);
      else if (isRefusal(thrown)) warn(session, leftover, thrown);
      else throw thrown;
    });
  }
  return locked;
}

/**
 * Removes one, with one try; whoever calls again is patient. False if it may not go (any more): somebody has named it, or started it.
 * Throws VimFault; `isLocked` while the lease of a dead import holds it.
 */
export async function sweepLeftover(session: Session, reference: Reference, owner: Owner): Promise<boolean> {
  return await remove(session, reference, { mayGo: (facts) => isLeftover(facts, owner), patience: 0 });
}

function isRefusal(thrown: unknown): boolean {
  return thrown instanceof VimFault && thrown.fault !== null && thrown.reason !== "SessionLost";
}

function warn(session: Session, { path }: TemplateFacts, thrown: unknown): void {
  const fields = { server: session.server, path, ...failureOf(thrown) };
  session.log.warn(fields, "A leftover of ours could not be removed: the next run tries again.");
}

/** Milliseconds for which the removal goes on when the step has ended. */
const lastTries = 10_000;

/**
 * Takes a step, and removes beside it the leftovers that are locked: the lease of an import that was killed holds its virtual machine
 * for minutes, about as long as an import takes. What is still locked some seconds after the step is left to the sweep; a step that
 * fails ends the removal, which the next run takes up again.
 */
export async function whileRemoving<Result>(
  session: Session,
  { locked, owner }: { locked: readonly TemplateFacts[]; owner: Owner },
  step: () => Promise<Result>,
): Promise<Result> {
  const stop = new AbortController();
  const removing = session.under(AbortSignal.any([session.signal, stop.signal]));
  const mayGo = (facts: TemplateFacts) => isLeftover(facts, owner);
  const removals = locked.map(async (leftover) => {
    await remove(removing, leftover.reference, { mayGo }).catch((thrown: unknown) => {
      if (!removing.signal.aborted) warn(session, leftover, thrown);
    });
  });
  let last: NodeJS.Timeout | undefined;
  try {
    const result = await step();
    last = setTimeout(() => stop.abort(), lastTries);
    return result;
  } catch (thrown) {
    stop.abort();
    throw thrown;
  } finally {
    await Promise.all(removals);
    clearTimeout(last);
  }
}
