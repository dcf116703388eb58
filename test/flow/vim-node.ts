// The XML of a SOAP request as nodes, with the types that xsi:type names looked up in their namespaces.
import { XMLParser } from "fast-xml-parser";

export interface Node {
  name: string;
  attributes: Record<string, string>;
  /** What xsi:type names: of vim25, of XML Schema, or of nothing that is known. */
  type: { of: "vim25" | "xsd" | "nothing"; name: string } | undefined;
  /** The text, without the white space around it. */
  text: string;
  children: Node[];
}

/** What is in the body of the envelope. */
export function bodyOf(request: string): Node[] {
  const [envelope] = nodes(parser.parse(request), {}).filter((node) => node.name.endsWith(":Envelope"));
  return envelope?.children.find((node) => node.name.endsWith(":Body"))?.children ?? [];
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  processEntities: false,
  parseTagValue: false,
});

const instance = "http://www.w3.org/2001/XMLSchema-instance";
const places: Record<string, "vim25" | "xsd"> = { "urn:vim25": "vim25", "http://www.w3.org/2001/XMLSchema": "xsd" };

/** fast-xml-parser's ordered form: `[{tag: […], ":@": {…}}, {"#text": "…"}]`; `scope` are the namespaces by prefix. */
function nodes(parsed: unknown, scope: Record<string, string>): Node[] {
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((item: Record<string, unknown>) => {
    const name = Object.keys(item).find((key) => key !== ":@");
    if (name === undefined || name.startsWith("#") || name.startsWith("?")) return [];
    const attributes: Record<string, string> = Object(item[":@"]);
    const own = { ...scope, ...declared(attributes) };
    const content = item[name];
    return [{ name, attributes, type: typeOf(attributes, own), text: textOf(content), children: nodes(content, own) }];
  });
}

function declared(attributes: Record<string, string>): Record<string, string> {
  const found = Object.entries(attributes).filter(([name]) => /^xmlns(:|$)/.test(name));
  return Object.fromEntries(found.map(([name, uri]) => [name.replace(/^xmlns:?/, ""), uri]));
}

function typeOf(attributes: Record<string, string>, scope: Record<string, string>): Node["type"] {
  const isType = (key: string) => key.endsWith(":type") && scope[key.slice(0, -":type".length)] === instance;
  const found = Object.entries(attributes).find(([key]) => isType(key));
  if (found === undefined) return undefined;
  const [name = "", prefix = ""] = found[1].split(":").toReversed();
  return { of: places[scope[prefix] ?? ""] ?? "nothing", name };
}

function textOf(parsed: unknown): string {
  if (!Array.isArray(parsed)) return "";
  return parsed
    .map((item: Record<string, unknown>) => String(item["#text"] ?? ""))
    .join("")
    .trim();
}
