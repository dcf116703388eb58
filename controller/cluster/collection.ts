// The collection: all objects of one kind, kept up to date by list and watch.
import { z } from "zod";
import { backoff } from "../../common/backoff.ts";
import { pause } from "../../common/deadline.ts";
import { failureOf } from "../../common/failure.ts";
import type { Log } from "../../common/log.ts";
import { type Kube, KubeError } from "./kube.ts";
import { createRecords, keyOf, type Records } from "./records.ts";

export interface Collection<T> {
  items: ReadonlyMap<string, T>;
  unreadable: ReadonlyMap<string, string>;
  /** Whether the first list has been read. A kind that the cluster does not have is an empty list. */
  synced: () => boolean;
  /** All as they are now, from the API server and not from what was watched. Throws KubeError. */
  readAll: () => Promise<ReadList<T>>;
  /** Runs until the signal. */
  run: () => Promise<void>;
}

export interface ReadList<T> extends Pick<Collection<T>, "items" | "unreadable"> {
  /** Whether the cluster has the kind. */
  served: boolean;
}

export interface Collected<T> {
  kube: Kube;
  /** Path of the list. */
  path: string;
  fieldSelector?: string;
  /** Reduces an object to what is needed of it; throws (ZodError) for one that cannot be read. */
  read: (object: unknown) => T;
  /** Called when what is needed of an object changed. */
  changed: () => void;
  log: Log;
  signal: AbortSignal;
}

const List = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: z.array(z.unknown()).nullable(),
});
const Watched = z.object({ metadata: z.object({ resourceVersion: z.string() }) });
const Status = z.object({ code: z.number(), message: z.string().optional() });

const pageSize = 500;
/** Milliseconds before a kind that the cluster does not have is looked for again. */
const absence = 300_000;
/** A watch that ends sooner than this, with nothing seen, was refused in some polite way. */
const shortest = 1_000;

interface Progress {
  /** The resourceVersion to watch from; undefined: list anew. */
  version: string | undefined;
  synced: boolean;
}

/**
 * A lost watch is taken up from where it was; where the API server no longer knows that, everything is listed anew.
 * An event means no more than "look again".
 */
export function collect<T>(source: Collected<T>): Collection<T> {
  const records = createRecords(source.read);
  const progress: Progress = { version: undefined, synced: false };
  const run = async () => {
    for (let failures = 0; !source.signal.aborted; ) {
      const failed = await round(source, records, progress).then(
        (wait) => ({ wait, error: undefined }),
        (error: unknown) => ({ wait: 0, error }),
      );
      if (source.signal.aborted) return;
      failures = failed.error === undefined ? 0 : failures + 1;
      if (failures > 0) source.log.warn({ path: source.path, ...failureOf(failed.error) }, "A watch failed.");
      await pause(source.signal, failures === 0 ? failed.wait : backoff(failures, { first: 1_000, most: 30_000 }));
    }
  };
  const readAll = async () => {
    const { items, unreadable, ...fresh } = createRecords(source.read);
    const version = await list(source, { items, unreadable, ...fresh });
    return { items, unreadable, served: version !== undefined };
  };
  return { items: records.items, unreadable: records.unreadable, synced: () => progress.synced, readAll, run };
}

/** One list, if one is due, and one watch to its end; resolves with the milliseconds to wait before the next. */
async function round<T>(source: Collected<T>, records: Records<T>, progress: Progress): Promise<number> {
  if (progress.version === undefined) {
    const version = await list(source, records);
    progress.synced = true;
    source.changed();
    if (version === undefined) return absence;
    progress.version = version;
  }
  const began = Date.now();
  const seen = await follow(source, records, progress);
  if (!seen && Date.now() - began < shortest) {
    throw new KubeError(0, `The watch of ${source.path} ends as soon as it begins: is a proxy in between?`);
  }
  return 50;
}

/** Resolves with the resourceVersion of the list, or undefined where the cluster does not have the kind. */
async function list<T>(source: Collected<T>, records: Records<T>): Promise<string | undefined> {
  const seen = new Set<string>();
  let token: string | undefined;
  for (;;) {
    const query = new URLSearchParams({ limit: String(pageSize), ...(token ? { continue: token } : {}) });
    if (source.fieldSelector !== undefined) query.set("fieldSelector", source.fieldSelector);
    const answer = await source.kube.get(`${source.path}?${query}`);
    const page = answer === undefined ? undefined : List.parse(answer);
    for (const object of page?.items ?? []) {
      seen.add(keyOf(object));
      take(source, records, object);
    }
    token = page?.metadata.continue || undefined;
    if (token !== undefined) continue;
    records.keep(seen);
    return page?.metadata.resourceVersion;
  }
}

/** Watches to the end; resolves with whether anything was seen. Throws KubeError. */
async function follow<T>(source: Collected<T>, records: Records<T>, progress: Progress): Promise<boolean> {
  const selector = source.fieldSelector === undefined ? {} : { fieldSelector: source.fieldSelector };
  let seen = false;
  let failure: KubeError | undefined;
  const each = (type: string, object: unknown) => {
    if (type === "ERROR") {
      const { code, message } = Status.catch({ code: 0 }).parse(object);
      failure = new KubeError(code, `The watch of ${source.path} ended: ${message ?? "no explanation"}`);
      return;
    }
    seen = true;
    progress.version = Watched.parse(object).metadata.resourceVersion;
    if (type === "BOOKMARK") return;
    if (type === "DELETED" ? records.remove(object) : take(source, records, object)) source.changed();
  };
  try {
    await source.kube.watch(source.path, { ...selector, resourceVersion: progress.version ?? "" }, each);
    if (failure !== undefined) throw failure;
  } catch (error) {
    if (!(error instanceof KubeError) || error.status !== 410) throw error;
    // What was watched from is too old for the API server: no fault of anybody.
    progress.version = undefined;
    return true;
  }
  return seen;
}

function take<T>(source: Collected<T>, records: Records<T>, object: unknown): boolean {
  const news = records.put(object);
  const why = records.unreadable.get(keyOf(object));
  if (news && why !== undefined) {
    source.log.error({ path: source.path, object: keyOf(object), message: why }, "An object cannot be read.");
  }
  return news;
}
