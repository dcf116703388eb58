// The records of a collection: of each object what is needed of it, or why it cannot be read.
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { failureOf } from "../../common/failure.ts";
import { oneLine } from "../../common/one-line.ts";

/** What was needed of an object, before and after; undefined: it was not there, or could not be read. */
export interface Change<T> {
  before: T | undefined;
  after: T | undefined;
}

export interface Records<T> {
  /** By `namespace/name`, or the name alone. */
  items: Map<string, T>;
  /** What is there and cannot be read, by the same key, with what is wrong. */
  unreadable: Map<string, string>;
  /** Takes an object over; null when nothing changed of what is needed. */
  put: (object: unknown) => Change<T> | null;
  /** How this state of an object stands to the one that is held. */
  age: (object: unknown) => "Unknown" | "News" | "Old";
  remove: (object: unknown) => Change<T> | null;
  /** Forgets what is not among the keys. */
  keep: (keys: ReadonlySet<string>) => Change<T>[];
}

const Identity = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string().optional(), resourceVersion: z.string() }),
});

/** `read` throws (ZodError) for an object that it cannot read. */
export function createRecords<T>(read: (object: unknown) => T): Records<T> {
  const items = new Map<string, T>();
  const unreadable = new Map<string, string>();
  const versions = new Map<string, number>();
  const drop = (key: string): Change<T> | null => {
    const before = items.get(key);
    versions.delete(key);
    return [items.delete(key), unreadable.delete(key)].includes(true) ? { before, after: undefined } : null;
  };
  const spoil = (key: string, error: unknown): Change<T> | null => {
    const before = items.get(key);
    const why = oneLine(error instanceof z.ZodError ? z.prettifyError(error) : failureOf(error).message);
    const news = items.delete(key) || unreadable.get(key) !== why;
    unreadable.set(key, why);
    return news ? { before, after: undefined } : null;
  };
  const put = (object: unknown): Change<T> | null => {
    const { key, version } = identityOf(object);
    versions.set(key, version);
    try {
      const [before, after] = [items.get(key), read(object)];
      unreadable.delete(key);
      // What is equal stays the same object: at scale, most news is none.
      if (before !== undefined && isDeepStrictEqual(before, after)) return null;
      items.set(key, after);
      return { before, after };
    } catch (error) {
      return spoil(key, error);
    }
  };
  const age: Records<T>["age"] = (object) => {
    const { key, version } = identityOf(object);
    const held = versions.get(key);
    return held === undefined ? "Unknown" : version > held ? "News" : "Old";
  };
  return {
    items,
    unreadable,
    put,
    age,
    remove: (object) => drop(identityOf(object).key),
    keep: (keys) => [...versions.keys()].flatMap((key) => (keys.has(key) ? [] : (drop(key) ?? []))),
  };
}

/** `namespace/name`, or the name alone. Throws ZodError for what is no object of the API. */
export function keyOf(object: unknown): string {
  return identityOf(object).key;
}

/** The versions of one kind's objects are numbers that grow (since Kubernetes 1.35 that is promised, and it was never otherwise). */
function identityOf(object: unknown): { key: string; version: number } {
  const { name, namespace, resourceVersion } = Identity.parse(object).metadata;
  return { key: namespace === undefined ? name : `${namespace}/${name}`, version: Number(resourceVersion) };
}
