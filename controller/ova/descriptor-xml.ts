// The XML of a descriptor: a tree of elements under the usual prefixes of their namespaces, whatever prefixes the document takes.
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { OvaError } from "./ova-error.ts";

export interface XmlElement {
  /** Such as `ovf:File`; `?:File` in a namespace that no descriptor needs. */
  name: string;
  /** By names as above; those without a prefix have none. */
  attributes: Map<string, string>;
  children: XmlElement[];
  /** As written, entities included; without the space around it. */
  text: string;
}

const sizeLimit = 1 << 20;
/** Of `<`, and of `=`: RHCOS's descriptor has 150 and 80. */
const tagLimit = 4_000;
const depthLimit = 16;

/**
 * Reads a document. Throws OvaError DescriptorInvalid for one that is large, deep, not well-formed, not UTF-8, or has what parsers
 * may take differently: a document type, entities of its own, CDATA, processing instructions, control characters.
 */
export function readXml(text: string): XmlElement {
  const flaw = outwardFlaw(text);
  if (flaw !== null) throw refusal(flaw);
  try {
    const valid = XMLValidator.validate(text);
    if (valid !== true)
      throw refusal(`it is no well-formed XML: ${valid.err.msg.slice(0, 100)} (line ${valid.err.line})`);
    const roots = elementsOf(parser().parse(text), { "": "?" }, 0);
    const [root] = roots;
    if (root === undefined || roots.length > 1) throw refusal("it is no well-formed XML: it has no single root");
    return root;
  } catch (thrown) {
    if (thrown instanceof OvaError) throw thrown;
    throw new OvaError("DescriptorInvalid", "The OVF descriptor cannot be read as XML.", { cause: thrown });
  }
}

function outwardFlaw(text: string): string | null {
  if (Buffer.byteLength(text) > sizeLimit) return "it has more than 1 MiB";
  const tooMany = ["<", "="].some((sign) => text.split(sign, tagLimit + 1).length > tagLimit);
  if (tooMany) return `it has more than ${tagLimit} tags or attributes`;
  const body = text.replace(/^\uFEFF?<\?xml[^?<>]*\?>/, "");
  const encoding = /encoding\s*=\s*["']([^"']*)/i.exec(text.slice(0, text.length - body.length))?.[1] ?? "UTF-8";
  if (encoding.toUpperCase() !== "UTF-8") return "it is not in UTF-8";
  if (/<!(?!--)/.test(body)) return "it declares a document type or entities, or has CDATA";
  if (body.includes("<?")) return "it has processing instructions";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/.test(body))
    return "it has control characters";
  return null;
}

function refusal(what: string): OvaError {
  return new OvaError("DescriptorInvalid", `The OVF descriptor is refused: ${what}.`);
}

function parser(): XMLParser {
  return new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: "",
    ignoreDeclaration: true,
    processEntities: false,
    parseTagValue: false,
    parseAttributeValue: false,
    maxNestedTags: depthLimit,
  });
}

const prefixes: Record<string, string> = {
  "http://schemas.dmtf.org/ovf/envelope/1": "ovf",
  "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData": "rasd",
  "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData": "vssd",
  "http://www.vmware.com/schema/ovf": "vmw",
};

/** Prefix of the document to usual prefix; `""` is the default namespace. */
type Scope = Record<string, string>;

function elementsOf(nodes: unknown, scope: Scope, depth: number): XmlElement[] {
  if (depth > depthLimit) throw refusal("it is nested too deeply");
  return listOf(nodes).flatMap((node) => {
    const tag = Object.keys(node).find((key) => key !== ":@" && key !== "#text");
    return tag === undefined ? [] : [elementOf(tag, node, { scope, depth })];
  });
}

function elementOf(tag: string, node: Record<string, unknown>, around: { scope: Scope; depth: number }): XmlElement {
  const written = Object.entries(isRecord(node[":@"]) ? node[":@"] : {}).map(
    ([name, value]) => [name, String(value)] as const,
  );
  const declared = written.flatMap(([name, uri]) => {
    const prefix = name === "xmlns" ? "" : /^xmlns:(.+)$/.exec(name)?.[1];
    return prefix === undefined ? [] : [[prefix, prefixes[uri] ?? "?"] as const];
  });
  const scope = { ...around.scope, ...Object.fromEntries(declared) };
  const attributes = new Map<string, string>();
  for (const [name, value] of written) {
    if (name === "xmlns" || name.startsWith("xmlns:")) continue;
    const full = name.includes(":") ? fullName(name, scope) : name;
    if (attributes.has(full)) throw refusal(`it has an attribute twice (${JSON.stringify(full.slice(0, 60))})`);
    attributes.set(full, value);
  }
  const texts = listOf(node[tag]).flatMap((child) => ("#text" in child ? [String(child["#text"])] : []));
  const children = elementsOf(node[tag], scope, around.depth + 1);
  return { name: fullName(tag, scope), attributes, children, text: texts.join(" ").trim() };
}

function fullName(name: string, scope: Scope): string {
  const [prefix, local] = name.includes(":") ? name.split(":", 2) : ["", name];
  if (prefix === "xml") return name;
  return `${Object.hasOwn(scope, prefix ?? "") ? scope[prefix ?? ""] : "?"}:${local}`;
}

function listOf(nodes: unknown): Record<string, unknown>[] {
  return Array.isArray(nodes) ? nodes.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
