// The cloud configuration of vSphere: the ports of vCenters, in the INI form of older clusters or the YAML of newer ones.
import { parse as parseYaml, YAMLError } from "yaml";
import { z } from "zod";
import { Failure } from "../../common/failure.ts";

/** The ConfigMap's text cannot be read: CloudConfigInvalid. It may hold passwords: no message quotes it. */
export class CloudConfigError extends Failure {}

export interface CloudConfig {
  /** The port of a vCenter; undefined where neither it nor the global section names one. */
  portOf: (server: string) => number | undefined;
}

/** A ConfigMap holds at most 1 MiB; a cloud configuration is some lines. */
const longest = 256 * 1024;

/**
 * Reads what the vSphere cloud provider reads (cloud-provider-vsphere, "CPI config": `[Global]` and `[VirtualCenter "…"]`, or
 * `global:` and `vcenter:`). `insecure-flag` is not among it: it never turns our verification off. Throws CloudConfigError.
 */
export function readCloudConfig(text: string): CloudConfig {
  if (text.length > longest) throw invalid(`it has more than ${longest} characters`);
  const { global, vcenters } = isIni(text) ? fromIni(text) : fromYaml(text);
  return { portOf: (server) => vcenters.get(server) ?? global };
}

interface Ports {
  global: number | undefined;
  /** By server. */
  vcenters: Map<string, number | undefined>;
}

/** A section's head comes first; YAML that begins so would be a list. */
function isIni(text: string): boolean {
  return /^\s*\[/.test(text.replace(/^\s*[;#].*$/gm, ""));
}

function fromIni(text: string): Ports {
  const ports: Ports = { global: undefined, vcenters: new Map() };
  let section: { kind: string; server: string } = { kind: "", server: "" };
  for (const [index, line] of text.split("\n").entries()) {
    const where = `line ${index + 1}`;
    const content = line.trim();
    if (content === "" || /^[;#]/.test(content)) continue;
    const head = /^\[\s*([\w.-]+)\s*(?:"([^"]*)"\s*)?\]\s*(?:[;#].*)?$/.exec(content);
    if (head !== null) {
      section = { kind: head[1]?.toLowerCase() ?? "", server: head[2] ?? "" };
      continue;
    }
    const field = /^([\w.-]+)\s*(?:=\s*(.*))?$/.exec(content);
    if (field === null || section.kind === "") throw invalid(`${where} is neither a section nor a field of one`);
    const [, name = "", value = ""] = field;
    take(ports, section, { name: name.toLowerCase(), value: unquoted(value), where });
  }
  return ports;
}

function take(
  ports: Ports,
  section: { kind: string; server: string },
  { name, value, where }: { name: string; value: string; where: string },
): void {
  if (section.kind === "virtualcenter" && name === "server") {
    ports.vcenters.set(value, ports.vcenters.get(section.server));
    section.server = value;
  }
  if (name !== "port" || value === "") return;
  const port = Port.safeParse(value).data;
  if (port === undefined) throw invalid(`the port in ${where} is none`);
  if (section.kind === "global") ports.global = port;
  if (section.kind === "virtualcenter") ports.vcenters.set(section.server, port);
}

/** What is left of a value without its quotes, or without the comment behind it. */
function unquoted(value: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(value)?.[1];
  return quoted === undefined ? value.replace(/\s*[;#].*$/, "") : quoted.replace(/\\(.)/g, "$1");
}

const Port = z.coerce.number().int().min(1).max(65_535);
const given = z
  .union([z.literal(""), z.literal(0), Port])
  .nullish()
  .transform((port) => port || undefined);
const Yaml = z.object({
  global: z.object({ port: given }).nullish(),
  vcenter: z.record(z.string(), z.object({ server: z.string().nullish(), port: given }).nullable()).nullish(),
});

function fromYaml(text: string): Ports {
  const read = Yaml.safeParse(yamlOf(text) ?? {});
  if (!read.success) throw invalid(`its field ${read.error.issues[0]?.path.join(".") || "global"} is of another form`);
  const { global, vcenter } = read.data;
  const vcenters = Object.entries(vcenter ?? {}).map(([name, one]) => [one?.server || name, one?.port] as const);
  return { global: global?.port, vcenters: new Map(vcenters) };
}

function yamlOf(text: string): unknown {
  try {
    return parseYaml(text, { maxAliasCount: 0, logLevel: "error", prettyErrors: false, schema: "core" });
  } catch (thrown) {
    // The library's own words may quote the text.
    throw invalid(`it is no YAML (${thrown instanceof YAMLError ? thrown.code : "nested too deeply"})`);
  }
}

function invalid(why: string): CloudConfigError {
  const where = "ConfigMap openshift-config/cloud-provider-config";
  return new CloudConfigError("CloudConfigInvalid", `The vSphere configuration in ${where} cannot be read: ${why}.`);
}
