// The making of a template, by whatever means: found, or finished, or made under a temporary name, or nothing at all.
import { failureOf } from "../../common/failure.ts";
import type { Kept } from "../decide/keep.ts";
import type { Reference } from "../vsphere/answer.ts";
import { withGrace } from "../vsphere/grace.ts";
import { findByPath } from "../vsphere/inventory.ts";
import type { Markers } from "../vsphere/markers.ts";
import { lookAtPlace, type Place, type ResolvedPlace, type SeenPlace } from "../vsphere/place.ts";
import type { Session } from "../vsphere/session.ts";
import type { TemplateFacts } from "../vsphere/template.ts";
import { attachClusterTag } from "./cluster-tag.ts";
import { type Context, type Progress, reporter } from "./context.ts";
import { finishTemplate, isFinished, type MadeTemplate, madeTemplate, nameTemplate } from "./finish-template.ts";
import { applyKept } from "./keep.ts";
import { findLeftovers, removeLeftovers, sortLeftovers, whileRemoving } from "./leftovers.ts";
import { chooseName, freeTemporaryName, type Naming } from "./names.ts";
import { isNotWanted } from "./not-wanted.ts";
import { isOurs, type Owner } from "./ownership.ts";
import { remove } from "./removal.ts";

const cleanUp = { whole: 120_000, stopped: 6_000 };
/** A lease that could not be aborted locks its virtual machine for minutes: that is left to the next run, and to the sweep. */
const lockPatience = 20_000;

export interface Order {
  owner: Owner;
  /** `sha256` in hex: of the OVA. */
  image: { release: string; sha256: string };
  place: Place;
  /** At most 80 characters; should it be taken by something else, `-2`, `-3`, … is added. */
  finalName: string;
  /** What it is to have of the present templates. */
  keep?: Kept | undefined;
}

export interface Making {
  place: ResolvedPlace;
  /** `temp` is the name of the VM that is to come into being. */
  markers: Markers;
  report: (progress: Progress) => void;
  /** To be told before vCenter is asked for the VM. */
  begun: () => void;
  /** To be told of the VM as soon as it is there. */
  born: (vm: Reference) => Promise<void>;
}

export interface Maker {
  /** Throws, with all that is wrong at once, where it cannot come to a good end: also of a place that lacks something. */
  check: (session: Session, seen: SeenPlace) => Promise<void>;
  /** Makes a powered-off VM, all but verified; `bytes` of the image were transferred. */
  make: (session: Session, making: Making) => Promise<{ made: Reference; bytes: number }>;
}

/**
 * Makes the template, or finds it made. After a failure nothing of ours is left but what is finished and lacks its name only, or has got it
 * and is not what it should be; and not even the former after a signal whose reason is NotWanted (unless vCenter could not be reached to remove it, or held it locked: then the
 * next run does), and nothing of others was touched.
 * The session's signal ends clean-ups too. Throws VimFault and what `make` throws.
 */
export async function makeTemplate(
  base: Session,
  [order, context]: [Order, Context],
  maker: Maker,
): Promise<MadeTemplate> {
  const session = base.under(context.signal);
  const { owner, image } = order;
  const { release, sha256 } = image;
  const seen = await lookAtPlace(session, order.place);
  const { whole: place } = seen;
  if (place === null) {
    await maker.check(session, seen);
    throw seen.lack;
  }
  const { folderPath } = place;
  const naming: Naming = { owner, image, folderPath, finalName: order.finalName };
  const { name, existing } = await chooseName(session, naming);
  if (existing !== null) return madeTemplate(existing, { release, reused: true, bytes: 0 });
  const making = context.making ?? new Set<string>();
  const wanted = { cluster: owner.infrastructureName, release, sha256: sha256.toLowerCase(), name };
  const leftovers = await findLeftovers(session, folderPath, { owner, making });
  const { finished, others } = await sortLeftovers(session, leftovers, { folderPath, wanted });
  const locked = await removeLeftovers(session, others, owner);
  return await whileRemoving(session, { locked, owner }, async () => {
    const temp = finished?.name ?? (await freeTemporaryName(session, naming));
    const markers = { ...wanted, temp };
    const path = `${folderPath}/${temp}`;
    making.add(path);
    const unfinished = { path, owner, markers, place, seen, keep: order.keep };
    const work =
      finished === undefined
        ? makeAnew(base, [unfinished, context], maker)
        : takeUp(base, [unfinished, context], finished.reference);
    return await work.finally(() => making.delete(path));
  });
}

/** What an earlier run has finished but not named. */
async function takeUp(
  base: Session,
  [unfinished, context]: [Unfinished, Context],
  made: Reference,
): Promise<MadeTemplate> {
  const { markers, path } = unfinished;
  const session = base.under(context.signal);
  const fields = { server: session.server, path, name: markers.name };
  session.log.info(fields, "Taking up the finished template of an earlier run.");
  try {
    const named = await nameTemplate(session, made, markers);
    return madeTemplate(named, { release: markers.release, reused: false, bytes: 0 });
  } catch (thrown) {
    await clear(base, [unfinished, context], made);
    throw thrown;
  }
}

/** What a step has made in vCenter; unknown: vCenter was asked, and its answer is not there (yet). */
type Made = Reference | "nothing" | "unknown";

interface Unfinished {
  /** Under the temporary name. */
  path: string;
  owner: Owner;
  markers: Markers;
  place: ResolvedPlace;
  seen: SeenPlace;
  keep: Kept | undefined;
}

async function makeAnew(
  base: Session,
  [unfinished, context]: [Unfinished, Context],
  { check, make }: Maker,
): Promise<MadeTemplate> {
  const { markers, place, seen, keep } = unfinished;
  const { onNotice } = context;
  const session = base.under(context.signal);
  const path = `${place.folderPath}/${markers.name}`;
  const report = reporter(context, { server: session.server, path });
  const tagging = { cluster: markers.cluster, folder: place.folder, path, onNotice };
  const left: { made: Made } = { made: "nothing" };
  const begun = () => {
    left.made = "unknown";
  };
  const born = async (vm: Reference) => {
    left.made = vm;
    await attachClusterTag(session, vm, tagging);
  };
  await check(session, seen);
  try {
    const { made: vm, bytes } = await make(session, { place, markers, report, begun, born });
    if (keep !== undefined) await applyKept(session, vm, { kept: keep, name: markers.name, onNotice });
    const facts = await finishTemplate(session, vm, markers);
    return madeTemplate(facts, { release: markers.release, reused: false, bytes });
  } catch (thrown) {
    // What has the name is then another controller's, which goes on with it.
    if (left.made === "unknown" && failureOf(thrown).reason === "NameTaken") left.made = "nothing";
    await clear(base, [unfinished, context], left.made);
    throw thrown;
  }
}

/**
 * Removes what a step that failed has made, unless it has got its final name meanwhile, or is finished and still asked for. Where it is
 * not known what was made (the answer was lost), it is what has the temporary name. The failure that led here is the one to tell.
 */
async function clear(
  base: Session,
  [{ path, owner, markers }, context]: [Unfinished, Context],
  made: Made,
): Promise<void> {
  if (made === "nothing") return;
  const mayGo = (facts: TemplateFacts) =>
    isOurs(facts, owner) && facts.name === markers.temp && (isNotWanted(context.signal) || !isFinished(facts, markers));
  await withGrace(context.signal, cleanUp, async (signal) => {
    const session = base.under(signal);
    try {
      const standing = made === "unknown" ? await findByPath(session, path) : made;
      if (standing?.type !== "VirtualMachine") return;
      await remove(session, standing, { mayGo, patience: lockPatience });
    } catch (thrown) {
      const fields = { server: session.server, path, ...failureOf(thrown) };
      session.log.warn(fields, "The unfinished template could not be removed: the next run removes it.");
    }
  });
}
