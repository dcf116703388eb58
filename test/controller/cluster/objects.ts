// The objects of the fixtures as an API server would give them, to be altered by a test.
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const Loose = z.looseObject({ metadata: z.looseObject({}) });

const added = { uid: "0d1f6c1e-1111-4222-8333-944455556666", resourceVersion: "4711" };

/** The fixture with what only an API server adds. */
export function objectOf(name: string): Record<string, unknown> {
  const object = Loose.parse(parse(readFileSync(new URL(`../../fixtures/${name}.yaml`, import.meta.url), "utf8")));
  return { ...object, metadata: { ...added, creationTimestamp: "2026-11-20T10:00:00Z", ...object.metadata } };
}

/**
 * A copy with the value at `path` (keys joined by dots, numbers for places in lists) replaced; undefined takes the key
 * away.
 */
export function altered(object: Record<string, unknown>, path: string, value: unknown): Record<string, unknown> {
  const copy = structuredClone(object);
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  let at: unknown = copy;
  for (const key of keys) at = Reflect.get(Object(at), key);
  if (value === undefined) Reflect.deleteProperty(Object(at), last);
  else Reflect.set(Object(at), last, value);
  return copy;
}
