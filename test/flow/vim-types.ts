// The types of vim25, as govmomi's Go types say them: fields in the order of the API, what extends what, and the values of enums.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { inheritedEnvironment } from "../lab/settings.ts";

export interface Field {
  name: string;
  /** The Go type without pointer and list; of an interface the type that it stands for. */
  type: string;
  list: boolean;
  required: boolean;
  /** Whether types that extend the field's may stand in it. */
  open: boolean;
}

export interface VimTypes {
  /** Fields of a data object type, those of its base type first; of anything else none. */
  fields: (type: string) => Field[];
  isDataObject: (type: string) => boolean;
  /** Whether a type is another one, or extends it. */
  isA: (type: string, base: string) => boolean;
  /** The values of an enum; undefined if it is none. */
  values: (type: string) => ReadonlySet<string> | undefined;
  /** The type of a method's request; undefined if there is no such method. */
  requestOf: (method: string) => string | undefined;
}

const module = fileURLToPath(new URL("../lab/servers/vsphere", import.meta.url));

/** Reads them out of the govmomi that the lab is built with. */
export async function readVimTypes(): Promise<VimTypes> {
  const options = { cwd: module, env: inheritedEnvironment(), extendEnv: false };
  const { stdout } = await execa("go", ["list", "-m", "-f", "{{.Dir}}", "github.com/vmware/govmomi"], options);
  const read = async (file: string) => await readFile(join(stdout, "vim25", "types", file), "utf8");
  const [source, enums] = await Promise.all([read("types.go"), read("enum.go")]);
  const bodies = byName(source.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm));
  const requests = byName(source.matchAll(/^type (\w+) (\w+RequestType)$/gm));
  const sets = new Map<string, Set<string>>();
  for (const [, type = "", value = ""] of enums.matchAll(/^\t\w+\s+= (\w+)\("([^"]*)"\)$/gm)) {
    sets.set(type, (sets.get(type) ?? new Set()).add(value));
  }
  return {
    fields: (type) => fieldsOf(bodies, type),
    isDataObject: (type) => bodies.has(type) && !requests.has(type) && !type.endsWith("RequestType"),
    isA: (type, base) => lineOf(bodies, type).includes(base),
    values: (type) => sets.get(type),
    // A method without parameters but `_this` has a type of its own, too.
    requestOf: (method) => requests.get(method) ?? (isMethod(bodies, method) ? method : undefined),
  };
}

type Bodies = ReadonlyMap<string, string>;

function byName(matches: Iterable<RegExpMatchArray>): Map<string, string> {
  return new Map([...matches].map(([, name = "", rest = ""]) => [name, rest]));
}

function isMethod(bodies: Bodies, name: string): boolean {
  return bodies.has(name) && bodies.has(`${name}Response`);
}

const baseLine = /^\t(\w+)$/m;

/** The type and all that it extends. */
function lineOf(bodies: Bodies, type: string): string[] {
  const body = bodies.get(type);
  if (body === undefined) return [];
  const base = baseLine.exec(body)?.[1];
  return base === undefined ? [type] : [type, ...lineOf(bodies, base)];
}

function fieldsOf(bodies: Bodies, type: string): Field[] {
  return (bodies.get(type) ?? "").split("\n").flatMap((line) => {
    const base = baseLine.exec(line)?.[1];
    if (base !== undefined) return fieldsOf(bodies, base);
    const field = /^\t\w+\s+(\[\])?(\*)?([\w.]+)\s+`xml:"([^",]+)([^"]*)"/.exec(line);
    if (field === null) return [];
    const [, list, pointer, goType = "", name = "", flags = ""] = field;
    const required = !flags.includes("omitempty") && pointer === undefined;
    const open = flags.includes("typeattr");
    return [{ name, type: goType.replace(/^Base(?=[A-Z])/, ""), list: list !== undefined, required, open }];
  });
}
