// The records of a collection: of each object what is needed of it, or why it cannot be read.
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { failureOf } from "../../common/failure.ts";
import { oneLine } from "../../common/one-line.ts";

export interface Records<T> {
  /** By `namespace/name`, or the name alone. */
  items: Map<string, T>;
  /** What is there and cannot be read, by the same key, with what is wrong. */
  unreadable: Map<string, string>;
  /** Takes an object over; true when that changed anything. */
  put: (object: unknown) => boolean;
  remove: (object: unknown) => boolean;
  /** Forgets what is not among the keys; true when that changed anything. */
  keep: (keys: ReadonlySet<string>) => boolean;
}

const Meta = z.object({ metadata: z.object({ name: z.string(), namespace: z.string().optional() }) });

/** `read` throws (ZodError) for an object that it cannot read. */
export function createRecords<T>(read: (object: unknown) => T): Records<T> {
  const items = new Map<string, T>();
  const unreadable = new Map<string, string>();
  const drop = (key: string) => [items.delete(key), unreadable.delete(key)].includes(true);
  return {
    items,
    unreadable,
    put: (object) => {
      const key = keyOf(object);
      try {
        const next = read(object);
        const news = unreadable.delete(key) || !isDeepStrictEqual(items.get(key), next);
        items.set(key, next);
        return news;
      } catch (error) {
        const message = error instanceof z.ZodError ? z.prettifyError(error) : failureOf(error).message;
        const why = oneLine(message);
        const news = items.delete(key) || unreadable.get(key) !== why;
        unreadable.set(key, why);
        return news;
      }
    },
    remove: (object) => drop(keyOf(object)),
    keep: (keys) => {
      const gone = [...items.keys(), ...unreadable.keys()].filter((key) => !keys.has(key));
      return gone.map(drop).includes(true);
    },
  };
}

/** `namespace/name`, or the name alone. Throws ZodError for what is no object of the API. */
export function keyOf(object: unknown): string {
  const { name, namespace } = Meta.parse(object).metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}
