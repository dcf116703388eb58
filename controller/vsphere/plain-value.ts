// The plain value of a parsed XML element: what soap makes of an answer, without soap's ways.
import { z } from "zod";

/**
 * soap parses `<a k="v">text</a>` to `{attributes: {k: "v"}, $value: "text"}` and an empty element to null. Here
 * text stays text (numbers and booleans too), a reference becomes `{type, value}`, an `ArrayOf…` a list, an empty element "",
 * and the type of an object, where the answer names it, stands in `$type`.
 *
 * The type is known by an attribute named `type` with a prefix: only xsi has one in vim25, whatever the prefix is called
 * (vCenter writes `xsi:type`, the simulator `_XMLSchema-instance:type`). Without a prefix it is a reference's own attribute.
 */
export function plainValue(value: unknown): unknown {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(plainValue);
  const parsed = Element.safeParse(value);
  if (!parsed.success) return String(value);
  const { attributes = {}, $value, ...fields } = parsed.data;
  if (attributes.type !== undefined && $value !== undefined) return { type: attributes.type, value: String($value) };
  const type = schemaType(attributes);
  if (type.startsWith("ArrayOf")) return Object.values(fields).flatMap((items) => plainList(items));
  if ($value !== undefined || /^[a-z]/.test(type)) return plainValue($value);
  const plain = Object.entries(fields).map(([name, field]) => [name, plainValue(field)]);
  return Object.fromEntries(type === "" ? plain : [["$type", type], ...plain]);
}

const Element = z.looseObject({
  attributes: z.record(z.string(), z.string()).optional(),
  $value: z.unknown().optional(),
});

/** The local name of the schema type; "" if the answer does not name it. */
function schemaType(attributes: Record<string, string>): string {
  const name = Object.keys(attributes).find((key) => key.endsWith(":type"));
  return name === undefined ? "" : (attributes[name]?.split(":").at(-1) ?? "");
}

function plainList(items: unknown): unknown[] {
  return (Array.isArray(items) ? items : [items]).map(plainValue);
}
