// The collection: all objects of one kind, kept up to date by list and watch, each reduced to what is needed of it.
import { z } from "zod";
import { pause } from "../../common/deadline.ts";
import { failureOf } from "../../common/failure.ts";
import type { Log } from "../../common/log.ts";
import { oneLine } from "../../common/one-line.ts";
import { type Kube, KubeError } from "./kube.ts";

export interface Collection<T> {
  /** By `namespace/name`, or the name alone. */
  items: ReadonlyMap<string, T>;
  /** What is there and cannot be read, by the same key, with what is wrong. */
  unreadable: ReadonlyMap<string, string>;
  /** Whether the first list has been read. */
  synced: () => boolean;
  /** Runs until the signal. */
  run: () => Promise<void>;
}

export interface Collected<T> {
  kube: Kube;
  /** Path of the list. */
  path: string;
  fieldSelector?: string;
  /** Throws (ZodError) for an object that cannot be read: it is named in `unreadable` and logged. */
  read: (object: unknown) => T;
  /** Called after a change, however small. */
  changed: () => void;
  log: Log;
  signal: AbortSignal;
}

const List = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: z.array(z.unknown()).nullable(),
});
const Meta = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string().optional(), resourceVersion: z.string() }),
});
const Watched = z.object({ metadata: z.object({ resourceVersion: z.string() }) });
const Gone = z.object({ code: z.number() });

const pageSize = 500;

/**
 * A lost watch is taken up from where it was; where the API server no longer knows that, everything is listed anew.
 * An event means no more than "look again".
 */
export function collect<T>(source: Collected<T>): Collection<T> {
  const items = new Map<string, T>();
  const unreadable = new Map<string, string>();
  let version: string | undefined;
  let synced = false;
  const put = (object: unknown) => store(source, { items, unreadable }, object);
  const round = async () => {
    if (version === undefined) {
      version = await list(source, [items, unreadable], put);
      synced = true;
      source.changed();
    }
    await follow(source, version, (type, object) => {
      if (type === "ERROR") {
        if (Gone.safeParse(object).data?.code === 410) version = undefined;
        return;
      }
      version = Watched.parse(object).metadata.resourceVersion;
      if (type === "BOOKMARK") return;
      if (type === "DELETED") for (const map of [items, unreadable]) map.delete(keyOf(object));
      else put(object);
      source.changed();
    });
  };
  const run = async () => {
    for (let failures = 0; !source.signal.aborted; ) {
      const failed = await round().then(
        () => undefined,
        (error: unknown) => error,
      );
      if (source.signal.aborted) return;
      if (failed instanceof KubeError && failed.status === 410) version = undefined;
      failures = failed === undefined || isQuiet(failed) ? 0 : failures + 1;
      if (failures > 0) source.log.warn({ path: source.path, ...failureOf(failed) }, "watch failed");
      await pause(source.signal, failures === 0 ? 50 : Math.min(30_000, 500 * 2 ** failures) * (0.5 + Math.random()));
    }
  };
  return { items, unreadable, synced: () => synced, run };
}

async function list<T>(
  source: Collected<T>,
  known: Map<string, unknown>[],
  put: (object: unknown) => void,
): Promise<string> {
  const seen = new Set<string>();
  let token: string | undefined;
  for (;;) {
    const query = new URLSearchParams({ limit: String(pageSize), ...(token ? { continue: token } : {}) });
    if (source.fieldSelector !== undefined) query.set("fieldSelector", source.fieldSelector);
    const page = List.parse(await source.kube.get(`${source.path}?${query}`));
    for (const object of page.items ?? []) {
      seen.add(keyOf(object));
      put(object);
    }
    token = page.metadata.continue || undefined;
    if (token !== undefined) continue;
    for (const map of known) for (const key of map.keys()) if (!seen.has(key)) map.delete(key);
    return page.metadata.resourceVersion;
  }
}

async function follow<T>(
  source: Collected<T>,
  resourceVersion: string,
  each: (type: string, object: unknown) => void,
): Promise<void> {
  const query = source.fieldSelector === undefined ? {} : { fieldSelector: source.fieldSelector };
  await source.kube.watch(source.path, { ...query, resourceVersion }, each);
}

interface Store<T> {
  items: Map<string, T>;
  unreadable: Map<string, string>;
}

function store<T>(source: Collected<T>, { items, unreadable }: Store<T>, object: unknown): void {
  const key = keyOf(object);
  try {
    items.set(key, source.read(object));
    unreadable.delete(key);
  } catch (error) {
    items.delete(key);
    const message = error instanceof z.ZodError ? z.prettifyError(error) : failureOf(error).message;
    unreadable.set(key, oneLine(message));
    source.log.error({ path: source.path, object: key, message: oneLine(message) }, "an object cannot be read");
  }
}

function keyOf(object: unknown): string {
  const { name, namespace } = Meta.parse(object).metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** client-node ends a watch that was silent for 30 s with a TimeoutError: no fault. */
function isQuiet(error: unknown): boolean {
  return error instanceof Error && error.name === "TimeoutError";
}
