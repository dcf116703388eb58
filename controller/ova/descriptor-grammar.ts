// The grammar of a boot image's descriptor: the elements and attributes that may stand in it, how often, and what they may hold.
import { configs } from "./descriptor-configs.ts";
import type { XmlElement } from "./descriptor-xml.ts";

/** What breaks the grammar, by the path of each element; empty where nothing does. */
export function grammarMistakes(root: XmlElement): string[] {
  if (root.name !== "ovf:Envelope") return [`its root is ${quoted(root.name)}, not an OVF Envelope`];
  return elementMistakes(root, "Envelope");
}

/** Text that is quoted in a message: bounded, and without control characters. */
export function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}

/** Means the same to every reader: no entity, no markup, no control character. */
const plain = /^[^&<>\p{Cc}]{1,256}$/u;
const words = /^[^<]{0,4096}$/;
const token = /^[\w.-]{1,80}$/;
const whole = /^\d{1,15}$/;
const truth = /^(true|false)$/;
const fileName = /^(?!\.\.?$)[^&<>/\\:\p{Cc}]{1,255}$/u;
/** DSP0243 §9.1, and only these. */
const units = /^(byte|hertz)( \* (2\^\d{1,2}|10\^\d{1,2}))?$/;

interface Rule {
  attributes?: Record<string, RegExp>;
  /** Least and most. */
  children?: Record<string, readonly [number, number]>;
  text?: RegExp;
}

const one = [1, 1] as const;
const maybe = [0, 1] as const;
const info = { "ovf:Info": maybe };
const remark: Rule = { attributes: { "ovf:msgid": token }, text: words };

const rasd: Record<string, RegExp> = {
  Address: whole,
  AddressOnParent: whole,
  AllocationUnits: units,
  AutomaticAllocation: truth,
  Caption: words,
  Connection: plain,
  Description: words,
  ElementName: words,
  HostResource: /^(ovf:)?\/disk\/[\w.-]{1,80}$/,
  InstanceID: whole,
  Parent: whole,
  ResourceSubType: token,
  ResourceType: whole,
  VirtualQuantity: whole,
  VirtualQuantityUnits: units,
};

/** RHCOS's own two. A value would be an Ignition config of the image's author. */
const properties = /^guestinfo\.ignition\.config\.data(\.encoding)?$/;

const rules = new Map<string, Rule>(
  Object.entries({
    "ovf:Envelope": {
      attributes: { "vmw:buildId": plain, "xml:lang": token },
      children: { "ovf:References": one, "ovf:DiskSection": one, "ovf:NetworkSection": one, "ovf:VirtualSystem": one },
    },
    "ovf:References": { children: { "ovf:File": one } },
    "ovf:File": { attributes: { "ovf:href": fileName, "ovf:id": token, "ovf:size": whole } },
    "ovf:DiskSection": { children: { ...info, "ovf:Disk": one } },
    "ovf:Disk": {
      attributes: {
        "ovf:capacity": whole,
        "ovf:capacityAllocationUnits": units,
        "ovf:diskId": token,
        "ovf:fileRef": token,
        "ovf:format": /^https?:\/\/www\.vmware\.com\/interfaces\/specifications\/vmdk\.html#streamOptimized$/,
        "ovf:populatedSize": whole,
      },
    },
    "ovf:NetworkSection": { children: { ...info, "ovf:Network": one } },
    "ovf:Network": { attributes: { "ovf:name": plain }, children: { "ovf:Description": maybe } },
    "ovf:VirtualSystem": {
      attributes: { "ovf:id": token },
      children: {
        ...info,
        "ovf:Name": maybe,
        "ovf:AnnotationSection": maybe,
        "ovf:OperatingSystemSection": maybe,
        "ovf:ProductSection": one,
        "ovf:VirtualHardwareSection": one,
      },
    },
    "ovf:Name": remark,
    "ovf:Info": remark,
    "ovf:Description": remark,
    "ovf:Label": remark,
    "ovf:AnnotationSection": { children: { ...info, "ovf:Annotation": one } },
    "ovf:Annotation": remark,
    "ovf:OperatingSystemSection": {
      attributes: { "ovf:id": whole, "ovf:version": token, "vmw:osType": token },
      children: { ...info, "ovf:Description": maybe },
    },
    "ovf:ProductSection": {
      children: { ...info, "ovf:Product": maybe, "ovf:Vendor": maybe, "ovf:Version": one, "ovf:Property": [0, 2] },
    },
    "ovf:Product": remark,
    "ovf:Vendor": remark,
    "ovf:Version": { text: plain },
    "ovf:Property": {
      attributes: { "ovf:userConfigurable": truth, "ovf:type": /^string$/, "ovf:key": properties, "ovf:value": /^$/ },
      children: { "ovf:Label": maybe, "ovf:Description": maybe },
    },
    "ovf:VirtualHardwareSection": {
      attributes: { "ovf:transport": /^com\.vmware\.guestInfo$/ },
      children: { ...info, "ovf:System": one, "ovf:Item": [1, 16], "vmw:Config": [0, 40] },
    },
    "ovf:System": {
      children: {
        "vssd:ElementName": maybe,
        "vssd:InstanceID": maybe,
        "vssd:VirtualSystemIdentifier": maybe,
        "vssd:VirtualSystemType": one,
      },
    },
    "vssd:ElementName": { text: words },
    "vssd:InstanceID": { text: whole },
    "vssd:VirtualSystemIdentifier": { text: plain },
    "vssd:VirtualSystemType": { text: /^vmx-\d{1,3}$/ },
    "ovf:Item": {
      attributes: { "ovf:required": truth },
      children: {
        ...Object.fromEntries(Object.keys(rasd).map((name) => [`rasd:${name}`, maybe])),
        "rasd:InstanceID": one,
        "rasd:ResourceType": one,
        "vmw:Config": [0, 16],
      },
    },
    ...Object.fromEntries(Object.entries(rasd).map(([name, text]) => [`rasd:${name}`, { text }])),
    "vmw:Config": { attributes: { "ovf:required": truth, "vmw:key": token, "vmw:value": /^[\w.-]{0,64}$/ } },
  } satisfies Record<string, Rule>),
);

function elementMistakes(element: XmlElement, path: string): string[] {
  const rule = rules.get(element.name) ?? {};
  const own = [...attributeMistakes(element, rule), ...configMistakes(element)];
  if (element.text !== "" && !(rule.text?.test(element.text) ?? false)) own.push(`holds ${quoted(element.text)}`);
  if (element.text === "" && rule.text !== undefined && !rule.text.test("")) own.push("is empty");
  const below = element.children.flatMap((child) => {
    const known = Object.hasOwn(rule.children ?? {}, child.name);
    return known ? elementMistakes(child, `${path}/${localName(child)}`) : [];
  });
  return [...[...own, ...countMistakes(element, rule)].map((mistake) => `${path} ${mistake}`), ...below];
}

function attributeMistakes({ attributes }: XmlElement, rule: Rule): string[] {
  return [...attributes].flatMap(([name, value]) => {
    const allowed = Object.hasOwn(rule.attributes ?? {}, name) ? rule.attributes?.[name] : undefined;
    if (allowed === undefined) return [`has the attribute ${quoted(name)}`];
    return allowed.test(value) ? [] : [`has ${name} ${quoted(value)}`];
  });
}

function configMistakes({ name, attributes }: XmlElement): string[] {
  if (name !== "vmw:Config") return [];
  const [key = "", value = ""] = [attributes.get("vmw:key"), attributes.get("vmw:value")];
  return configs.get(key)?.test(value) ? [] : [`sets ${quoted(key)} to ${quoted(value)}`];
}

function countMistakes({ children }: XmlElement, rule: Rule): string[] {
  const allowed = rule.children ?? {};
  const count = (name: string) => children.filter((child) => child.name === name).length;
  const unknown = [...new Set(children.map(({ name }) => name))].filter((name) => !Object.hasOwn(allowed, name));
  const wrong = Object.entries(allowed).filter(([name, [least, most]]) => count(name) < least || count(name) > most);
  return [
    ...unknown.map((name) => `has the element ${quoted(name)}`),
    ...wrong.map(([name]) => `has ${count(name)} elements ${name}`),
  ];
}

function localName({ name }: XmlElement): string {
  return name.replace(/^\w+:/, "");
}
