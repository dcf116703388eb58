// The check of SOAP requests against vim25: fields and their order, types, and values; what the simulator lets pass and vCenter does not.
import { isValueOf } from "./vim-leaf.ts";
import { bodyOf, type Node } from "./vim-node.ts";
import { type Field, readVimTypes, type VimTypes } from "./vim-types.ts";

export interface VimSchema {
  /** Fields of a type, those of its base type first. */
  fields: (type: string) => Field[];
  /** What is wrong with a SOAP request; empty if nothing. */
  faultsOf: (request: string) => string[];
}

/** Reads the schema out of the govmomi that the lab is built with. */
export async function readVimSchema(): Promise<VimSchema> {
  const types = await readVimTypes();
  const faultsOf = (request: string): string[] => {
    const [method] = bodyOf(request);
    if (method === undefined) return ["it has no body"];
    const type = types.requestOf(method.name);
    return type === undefined ? [`${method.name} is no method`] : objectFaults(types, method, type);
  };
  return { fields: types.fields, faultsOf };
}

/** Types that others extend, and that mean something by themselves: a field of them needs no xsi:type. */
const whole = ["SelectionSpec", "VirtualDeviceConfigSpec", "OvfCreateImportSpecParams"];

function objectFaults(types: VimTypes, node: Node, type: string): string[] {
  const fields = types.fields(type);
  const faults = node.text === "" ? [] : [`${type} is no text: ${node.text}`];
  let at = 0;
  for (const child of node.children) {
    const next = fields.findIndex((field, index) => index >= at && field.name === child.name);
    const field = fields[next];
    if (field === undefined) {
      faults.push(`${type}.${child.name} does not exist, or stands too late`);
      continue;
    }
    at = field.list ? next : next + 1;
    faults.push(...fieldFaults(types, child, field).map((fault) => `${type}.${child.name} ${fault}`));
  }
  const present = new Set(node.children.map((child) => child.name));
  const missing = fields.filter((field) => field.required && !present.has(field.name));
  return [...faults, ...missing.map((field) => `${type}.${field.name} is missing`)];
}

function fieldFaults(types: VimTypes, node: Node, field: Field): string[] {
  if (node.type === undefined) {
    if (field.type === "AnyType" || (field.open && !whole.includes(field.type))) return ["has no xsi:type"];
    return valueFaults(types, node, field.type);
  }
  const { of, name } = node.type;
  if (of === "nothing") return [`has the xsi:type ${name} of a namespace that is not known`];
  if (of === "xsd") {
    if (field.type !== "AnyType") return [`has the xsi:type ${name} of XML Schema, and is a ${field.type}`];
    return isValueOf(name, "") === undefined ? [`: XML Schema has no ${name}`] : valueFaults(types, node, name);
  }
  if (!types.isDataObject(name) && types.values(name) === undefined) return [`: vim25 has no ${name}`];
  const fits = field.type === "AnyType" || name === field.type || types.isA(name, field.type);
  return fits ? valueFaults(types, node, name) : [`is a ${name}, which is no ${field.type}`];
}

function valueFaults(types: VimTypes, node: Node, type: string): string[] {
  if (type === "ManagedObjectReference") return referenceFaults(node);
  if (types.isDataObject(type)) return objectFaults(types, node, type);
  if (node.children.length > 0) return [`is a ${type} with fields`];
  const values = types.values(type);
  const fits = values === undefined ? isValueOf(type, node.text) : values.has(node.text);
  return fits ? [] : [`is no ${type}: ${node.text}`];
}

function referenceFaults({ attributes, text }: Node): string[] {
  if (attributes.type === undefined) return ["has no type of object"];
  return text === "" ? ["names no object"] : [];
}
