// The writer of a MachineSet's template: the field manager that the API server keeps for it.
import { z } from "zod";

const Entry = z.object({
  manager: z.string().optional(),
  time: z.string().optional(),
  subresource: z.string().optional(),
  fieldsV1: z.unknown().optional(),
});

const path = ["f:spec", "f:template", "f:spec", "f:providerSpec", "f:value"];

/**
 * Of the `managedFields` of a MachineSet; null where none of them says. Several managers own a field that all of them
 * applied with one value: the last of them counts.
 */
export function templateWriter(managedFields: unknown): string | null {
  const entries = z.array(Entry).safeParse(managedFields).data ?? [];
  const owners = entries.filter(({ fieldsV1, subresource }) => !subresource && ownsTemplate(fieldsV1));
  const last = owners.reduce<z.infer<typeof Entry> | undefined>(
    (latest, entry) => ((entry.time ?? "") >= (latest?.time ?? "") ? entry : latest),
    undefined,
  );
  return last?.manager ?? null;
}

/** A raw extension is owned field by field, or as a whole by whoever wrote it when it was no map. */
function ownsTemplate(fields: unknown): boolean {
  let at = fields;
  for (const key of path) at = member(at, key);
  if (at === undefined) return false;
  return member(at, "f:template") !== undefined || Object.keys(Object(at)).length === 0;
}

function member(value: unknown, key: string): unknown {
  return z.record(z.string(), z.unknown()).safeParse(value).data?.[key];
}
