// The environment of a program: the variables that both programs know, and the reading of all, checked whole.
import { Failure } from "./failure.ts";
import { z } from "./schema.ts";

/** The environment is not valid; the message holds every mistake. */
export class SettingsError extends Failure {}

/** Seconds, as text. */
export const seconds = z.coerce.number().check(z.minimum(0.1), z.maximum(1_000_000));

export const logLevel = z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]);

export type Environment = Record<string, string | undefined>;

/** The variables by the schema. An empty one counts as one that is not set. Throws SettingsError (SettingsInvalid). */
export function readEnvironment<Schema extends z.ZodMiniType>(
  schema: Schema,
  environment: Environment,
): z.output<Schema> {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const read = schema.safeParse(set);
  if (read.success) return read.data;
  const mistakes = read.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
  throw new SettingsError("SettingsInvalid", `The environment is not valid: ${mistakes.join("; ")}.`);
}
