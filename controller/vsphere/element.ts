// The XML elements of a request, in the order in which they are written.
//
// Requests are text and no objects: vCenter insists on the field order of its schema and on types (xsi:type) where a field may
// hold several, and an object that goes through soap's WSDL mapping keeps neither for sure. See the design, decision 5.
import type { Reference } from "./answer.ts";

/** A piece of well-formed XML. Only this file and the splice of an import spec make one. */
export interface Xml {
  readonly xml: string;
}

type Content = string | number | boolean | readonly (Xml | undefined)[];

/** `<name attributes>content</name>`; text is escaped, elements that are undefined are left out. */
export function element(name: string, content: Content, attributes: Record<string, string> = {}): Xml {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  return {
    xml: `<${name}${written.join("")}>${isList(content) ? joined(content) : escaped(String(content))}</${name}>`,
  };
}

/** A reference to a managed object as the value of a field. */
export function referenceElement(name: string, reference: Reference): Xml {
  return element(name, reference.value, { type: reference.type });
}

/** An element whose type the schema leaves open. */
export function typedElement(name: string, type: string, content: Content): Xml {
  return element(name, content, { "xsi:type": type });
}

function isList(content: Content): content is readonly (Xml | undefined)[] {
  return Array.isArray(content);
}

function joined(parts: readonly (Xml | undefined)[]): string {
  return parts.map((part) => part?.xml ?? "").join("");
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

/** Escapes text; control characters that XML 1.0 cannot carry at all are dropped. */
function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is dropped.
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "").replace(/[&<>"']/g, (c) => entities[c] ?? "");
}
