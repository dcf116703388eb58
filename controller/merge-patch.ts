// The merge patch: what turns one JSON object into another, as RFC 7386 has it.
import { isDeepStrictEqual } from "node:util";

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Only what differs; null takes a key away. Undefined: nothing differs. `to` holds no nulls and no undefined: a merge
 * patch cannot say them. Lists are replaced whole.
 */
export function mergePatch(from: JsonObject, to: JsonObject): JsonObject | undefined {
  const patch: Record<string, unknown> = {};
  for (const key of Object.keys(from)) if (!Object.hasOwn(to, key)) patch[key] = null;
  for (const [key, wanted] of Object.entries(to)) {
    const present = Object.hasOwn(from, key) ? from[key] : undefined;
    const part = isObject(present) && isObject(wanted) ? mergePatch(present, wanted) : different(present, wanted);
    if (part !== undefined) patch[key] = part;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function different(present: unknown, wanted: unknown): unknown {
  return isDeepStrictEqual(present, wanted) ? undefined : wanted;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
