// The schema of vim25, as govmomi's Go types say it: fields of each type in the order of the API, and which must be there.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { XMLParser } from "fast-xml-parser";
import { inheritedEnvironment } from "../lab/settings.ts";

interface Field {
  name: string;
  /** The Go type without pointer and list. */
  type: string;
  list: boolean;
  required: boolean;
}

export interface VimSchema {
  /** Fields of a type, those of its base type first. */
  fields: (type: string) => Field[];
  /** What is wrong with a SOAP request; empty if nothing. */
  faultsOf: (request: string) => string[];
}

const module = fileURLToPath(new URL("../lab/servers/vsphere", import.meta.url));

/** Reads the schema out of the govmomi that the lab is built with. */
export async function readVimSchema(): Promise<VimSchema> {
  const options = { cwd: module, env: inheritedEnvironment(), extendEnv: false };
  const { stdout } = await execa("go", ["list", "-m", "-f", "{{.Dir}}", "github.com/vmware/govmomi"], options);
  const source = await readFile(join(stdout, "vim25", "types", "types.go"), "utf8");
  const bodies = new Map([...source.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)].map((m) => [m[1], m[2] ?? ""]));
  const aliases = new Map([...source.matchAll(/^type (\w+) (\w+RequestType)$/gm)].map((m) => [m[1], m[2] ?? ""]));
  const fields = (type: string): Field[] => fieldsOf(bodies, type);
  const faultsOf = (request: string): string[] => {
    const [method] = bodyOf(request);
    if (method === undefined) return ["it has no body"];
    const type = aliases.get(method.name) ?? method.name;
    return bodies.has(type) ? check(fields, method, type) : [`${method.name} is no method`];
  };
  return { fields, faultsOf };
}

function fieldsOf(bodies: Map<string | undefined, string>, type: string): Field[] {
  return (bodies.get(type) ?? "").split("\n").flatMap((line) => {
    const base = /^\t(\w+)$/.exec(line)?.[1];
    if (base !== undefined) return fieldsOf(bodies, base);
    const field = /^\t\w+\s+(\[\])?(\*)?([\w.]+)\s+`xml:"([^",]+)([^"]*)"/.exec(line);
    if (field === null) return [];
    const [, list, pointer, goType = "", name = "", flags = ""] = field;
    const required = !flags.includes("omitempty") && pointer === undefined && list === undefined;
    return [{ name, type: goType.replace(/^Base(?=[A-Z])/, ""), list: list !== undefined, required }];
  });
}

interface Node {
  name: string;
  attributes: Record<string, string>;
  children: Node[];
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  processEntities: false,
  parseTagValue: false,
});

function bodyOf(request: string): Node[] {
  const [envelope] = nodes(parser.parse(request)).filter((node) => node.name.endsWith(":Envelope"));
  return envelope?.children.find((node) => node.name.endsWith(":Body"))?.children ?? [];
}

/** fast-xml-parser's ordered form: `[{tag: […], ":@": {…}}, {"#text": "…"}]`. */
function nodes(parsed: unknown): Node[] {
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((item: Record<string, unknown>) => {
    const name = Object.keys(item).find((key) => key !== ":@");
    if (name === undefined || name.startsWith("#") || name.startsWith("?")) return [];
    return [{ name, attributes: Object(item[":@"]), children: nodes(item[name]) }];
  });
}

function check(fieldsOfType: (type: string) => Field[], node: Node, type: string): string[] {
  const fields = fieldsOfType(type);
  const faults: string[] = [];
  let at = 0;
  for (const child of node.children) {
    const next = fields.findIndex((field, index) => index >= at && field.name === child.name);
    const field = fields[next];
    if (field === undefined) {
      faults.push(`${type}.${child.name} does not exist, or stands too late`);
      continue;
    }
    at = field.list ? next : next + 1;
    faults.push(...check(fieldsOfType, child, typeOf(child) ?? field.type));
    if (field.type === "AnyType" && typeOf(child) === undefined) faults.push(`${type}.${child.name} has no xsi:type`);
    if (field.type === "ManagedObjectReference" && child.attributes.type === undefined) {
      faults.push(`${type}.${child.name} has no type of object`);
    }
  }
  const present = new Set(node.children.map((child) => child.name));
  const missing = fields.filter(
    (field) => field.required && !present.has(field.name) && type !== "ManagedObjectReference",
  );
  return [...faults, ...missing.map((field) => `${type}.${field.name} is missing`)];
}

function typeOf(node: Node): string | undefined {
  const key = Object.keys(node.attributes).find((name) => name.endsWith(":type"));
  return key === undefined ? undefined : node.attributes[key]?.split(":").at(-1);
}
