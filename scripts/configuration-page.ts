// The configuration page: every field of the BootImagePolicy, as the CRD has it.
import { parse } from "yaml";
import { z } from "zod";

interface Field {
  type: "string" | "boolean" | "integer" | "object" | "array";
  description?: string | undefined;
  default?: unknown;
  enum?: string[] | undefined;
  pattern?: string | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
  maxItems?: number | undefined;
  format?: string | undefined;
  required?: string[] | undefined;
  properties?: Record<string, Field> | undefined;
  items?: Field | undefined;
  additionalProperties?: Field | undefined;
  "x-kubernetes-validations"?: { message: string }[] | undefined;
}

/** Strict, but for what is said to the API server only: a constraint that this page does not tell of is a mistake. */
const Field: z.ZodType<Field> = z.lazy(() =>
  z.strictObject({
    type: z.enum(["string", "boolean", "integer", "object", "array"]),
    description: z.string().optional(),
    default: z.unknown().optional(),
    enum: z.array(z.string()).optional(),
    pattern: z.string().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    maxItems: z.number().optional(),
    format: z.string().optional(),
    required: z.array(z.string()).optional(),
    properties: z.record(z.string(), Field).optional(),
    items: Field.optional(),
    additionalProperties: Field.optional(),
    "x-kubernetes-validations": z.array(z.looseObject({ message: z.string() })).optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    "x-kubernetes-map-type": z.string().optional(),
    "x-kubernetes-list-type": z.string().optional(),
    "x-kubernetes-list-map-keys": z.array(z.string()).optional(),
  }),
);

const Crd = z.object({
  spec: z.object({ versions: z.tuple([z.object({ schema: z.object({ openAPIV3Schema: Field }) })]) }),
});

interface Row {
  path: string;
  field: Field;
  required: boolean;
}

/** `crd`: the text of the manifest. Throws (ZodError) for one that has what this page cannot tell. */
export function configurationPage(crd: string): string {
  const whole = Crd.parse(parse(crd)).spec.versions[0].schema.openAPIV3Schema;
  const { spec, status } = whole.properties ?? {};
  if (spec === undefined || status === undefined) throw new TypeError("The CRD has no spec, or no status.");
  const wanted = rowsIn(spec, "spec");
  const refusals = [{ path: "", field: whole }, ...wanted].flatMap(refusalsOf);
  return [
    opening,
    "## What the admin says\n",
    ...table(["Field", "Type", "Left out", "Allowed", "Meaning"], wanted.map(specCells)),
    "\n## What is refused\n\nValues that are not allowed, fields that are not in the table, and what one of these sentences says:\n",
    ...refusals,
    `\n## What bootwarden says\n\n${sentence(status)}\n`,
    ...table(["Field", "Type", "Values", "Meaning"], rowsIn(status, "status").map(statusCells)),
    "",
  ].join("\n");
}

/** The fields in the order of the CRD, those of an object after itself. */
function rowsIn({ properties = {}, required = [] }: Field, path: string): Row[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const own = `${path}.${name}`;
    const inner = field.type === "array" ? rowsIn(field.items ?? field, `${own}[]`) : rowsIn(field, own);
    return [{ path: own, field, required: required.includes(name) }, ...inner];
  });
}

function refusalsOf({ path, field }: Pick<Row, "path" | "field">): string[] {
  const own = (field["x-kubernetes-validations"] ?? []).map(
    ({ message }) => `- ${path === "" ? "" : `${code(path)}: `}${marked(message)}`,
  );
  return field.items === undefined ? own : [...own, ...refusalsOf({ path: `${path}[]`, field: field.items })];
}

function table(head: readonly string[], rows: readonly string[][]): string[] {
  const inner = (cells: readonly string[]) => cells.map((cell) => (cell === "" ? " " : ` ${cell} `)).join("|");
  return [`|${inner(head)}|`, `|${"---|".repeat(head.length)}`, ...rows.map((cells) => `|${inner(cells)}|`)];
}

function specCells({ path, field, required }: Row): string[] {
  const filledIn = field.default === undefined ? "" : code(plain(field.default));
  return [code(path), typeOf(field), required ? "refused" : filledIn, allowed(field), sentence(field)];
}

function statusCells({ path, field }: Row): string[] {
  return [code(path), typeOf(field), allowed(field), sentence(field)];
}

function typeOf({ type, format, items, additionalProperties }: Field): string {
  if (items !== undefined) return `list of ${typeOf(items)}s`;
  if (additionalProperties !== undefined) return `map of ${typeOf(additionalProperties)}s`;
  return format === "date-time" ? "time" : type;
}

function allowed({ enum: values, pattern, minimum, maximum, maxItems }: Field): string {
  if (values !== undefined) return values.map(code).join(", ");
  if (pattern !== undefined) return code(pattern.replaceAll("|", "\\|"));
  if (minimum !== undefined || maximum !== undefined) return `${minimum ?? ""} to ${maximum ?? ""}`;
  return maxItems === undefined ? "" : `at most ${maxItems}`;
}

function sentence({ description = "" }: Field): string {
  return marked(description.replaceAll("|", "\\|"));
}

/** Placeholders would be taken for HTML; names of pages become links. */
function marked(text: string): string {
  return text.replaceAll(/[^\s`]*<[^>]*>[^\s,:`]*/g, code).replaceAll(/docs\/([\w-]+\.md)/g, "[$1]($1)");
}

/** As a person would write it in YAML. */
function plain(value: unknown): string {
  return JSON.stringify(value).replaceAll('"', "").replaceAll(":", ": ");
}

function code(text: string): string {
  return `\`${text}\``;
}

const opening = `# Configuration

All of it is one object, the BootImagePolicy \`cluster\`. This page is made from its definition, \`manifests/base/bootimagepolicies.crd.yaml\`, by
\`npm run docs\`; a test compares. What the programs take from their environment stands in [names.md](names.md), the way to a vCenter in [vcenters.md](vcenters.md).

Most clusters need \`mode\` and nothing else. A policy with one of everything:

\`\`\`yaml
apiVersion: bootwarden.io/v1alpha1
kind: BootImagePolicy
metadata:
  name: cluster
spec:
  mode: Manage
  selection:
    mode: Partial
    partial: {machineResourceSelector: {matchLabels: {pool: blue}}}
  imageSource:
    mirror: https://mirror.example.com/rhcos
    caBundle: {name: mirror-ca, key: ca.crt}
  vcenters:
  - server: vcenter.example.com
    credentialsSecret: {name: bootwarden-vcenters}
    caBundle: {name: vcenter-ca, key: ca.crt}
  template:
    diskProvisioning: Thin
    retain: 3
  rollout:
    newNodeDeadline: 1h
\`\`\`
`;
