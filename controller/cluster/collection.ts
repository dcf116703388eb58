// The collection: all objects of one kind, kept up to date by list and watch.
import { z } from "zod";
import { backoff } from "../../common/backoff.ts";
import { pause } from "../../common/deadline.ts";
import { failureOf } from "../../common/failure.ts";
import type { Log } from "../../common/log.ts";
import type { Kube } from "./kube.ts";
import { KubeError } from "./kube-error.ts";
import { type Change, createRecords, keyOf, type Records } from "./records.ts";

export interface Collection<T> {
  items: ReadonlyMap<string, T>;
  unreadable: ReadonlyMap<string, string>;
  /** Whether the first list has been read. A kind that the cluster does not have is an empty list. */
  synced: () => boolean;
  /** Takes over what the API server answered to a write, unless more recent news was there before it. */
  learn: (object: unknown) => void;
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
  selector?: { fieldSelector: string } | { labelSelector: string };
  /** Reduces an object to what is needed of it; throws (ZodError) for one that cannot be read. */
  read: (object: unknown) => T;
  /** Called when what is needed of an object changed; undefined: the first list has been read. */
  changed: (change: Change<T> | undefined) => void;
  log: Log;
  signal: AbortSignal;
}

const List = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: z.array(z.unknown()).nullable(),
});
const Watched = z.object({ metadata: z.object({ resourceVersion: z.string() }) });
const Status = z.object({ code: z.number(), message: z.string().optional() });

/** Objects of one answer: of large ones more would cost memory that nobody else needs. */
const pageSize = 100;
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
      const { wait, error } = await round(source, records, progress).then(
        (wait) => ({ wait, error: undefined }),
        (error: unknown) => ({ wait: 0, error }),
      );
      if (source.signal.aborted) return;
      failures = error === undefined ? 0 : failures + 1;
      if (failures > 0) source.log.warn({ path: source.path, ...failureOf(error) }, "A watch failed.");
      await pause(source.signal, failures === 0 ? wait : restAfter(error, failures));
    }
  };
  const readAll = async () => {
    const fresh = createRecords(source.read);
    const version = await list({ ...source, changed: () => undefined }, fresh);
    return { items: fresh.items, unreadable: fresh.unreadable, served: version !== undefined };
  };
  const learn = (object: unknown) => {
    if (records.age(object) === "News") take(source, records, object);
  };
  return { items: records.items, unreadable: records.unreadable, synced: () => progress.synced, learn, readAll, run };
}

function restAfter(error: unknown, failures: number): number {
  const asked = error instanceof KubeError ? error.retryAfter : 0;
  return Math.max(asked, backoff(failures, { first: 1_000, most: 30_000 }));
}

/** One list, if one is due, and one watch to its end; resolves with the milliseconds to wait before the next. */
async function round<T>(source: Collected<T>, records: Records<T>, progress: Progress): Promise<number> {
  if (progress.version === undefined) {
    const version = await list(source, records);
    if (!progress.synced) {
      progress.synced = true;
      source.changed(undefined);
    }
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
    const paged = { limit: `${pageSize}`, ...(token === undefined ? {} : { continue: token }) };
    const query = new URLSearchParams({ ...paged, ...source.selector });
    const answer = await source.kube.get(`${source.path}?${query}`);
    const page = answer === undefined ? undefined : List.parse(answer);
    for (const object of page?.items ?? []) {
      seen.add(keyOf(object));
      take(source, records, object);
    }
    token = page?.metadata.continue || undefined;
    if (token !== undefined) continue;
    for (const gone of records.keep(seen)) source.changed(gone);
    return page?.metadata.resourceVersion;
  }
}

/** Watches to the end; resolves with whether anything was seen. Throws KubeError. */
async function follow<T>(source: Collected<T>, records: Records<T>, progress: Progress): Promise<boolean> {
  let seen = false;
  const each = (type: string, object: unknown) => {
    if (type === "ERROR") throw endOf(source, object);
    seen = true;
    if (type === "DELETED") {
      const gone = records.remove(object);
      if (gone !== null) source.changed(gone);
    } else if (type !== "BOOKMARK" && records.age(object) !== "Old") take(source, records, object);
    progress.version = Watched.parse(object).metadata.resourceVersion;
  };
  try {
    const query = { ...source.selector, resourceVersion: progress.version ?? "" };
    await source.kube.watch({ path: source.path, query, each });
  } catch (error) {
    if (!(error instanceof KubeError) || error.status !== 410) throw error;
    // What was watched from is too old for the API server: no fault of anybody.
    progress.version = undefined;
    return true;
  }
  return seen;
}

function endOf({ path }: Pick<Collected<unknown>, "path">, object: unknown): KubeError {
  const { code, message } = Status.catch({ code: 0 }).parse(object);
  return new KubeError(code, `The watch of ${path} ended: ${message ?? "no explanation"}`);
}

function take<T>(source: Collected<T>, records: Records<T>, object: unknown): void {
  const change = records.put(object);
  if (change === null) return;
  const why = records.unreadable.get(keyOf(object));
  if (why !== undefined) {
    source.log.error({ path: source.path, object: keyOf(object), message: why }, "An object cannot be read.");
  }
  source.changed(change);
}
