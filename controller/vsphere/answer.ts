// The reading of answers: schemas for vSphere's plain values, and the error when an answer is of another form.
import { z } from "zod";
import { VimFault } from "./fault.ts";

/** A reference to a managed object, such as `{type: "VirtualMachine", value: "vm-42"}`. */
export const Reference = z.object({ type: z.string().min(1), value: z.string().min(1) });
export type Reference = z.infer<typeof Reference>;

/** A list that XML shows as nothing, one element or several. */
export function listOf<Each extends z.ZodType>(each: Each) {
  return z.preprocess((value) => {
    if (value === undefined || value === "") return [];
    return Array.isArray(value) ? value : [value];
  }, z.array(each));
}

/** Reads a plain value; `what` names it in the error. Throws VimFault UnreadableAnswer. */
export function readAnswer<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issues = read.error.issues.slice(0, 3).map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new VimFault("UnreadableAnswer", `${what}: the answer has an unexpected form (${issues.join("; ")}).`);
}
