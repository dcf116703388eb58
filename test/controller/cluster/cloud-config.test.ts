import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CloudConfigError, readCloudConfig } from "../../../controller/cluster/cloud-config.ts";

const installer = `[Global]
secret-name = "vsphere-creds"
secret-namespace = "kube-system"
insecure-flag = "1"

[Workspace]
server = "vc-a"
datacenter = "dc-east"
default-datastore = "ds-a"
folder = "/dc-east/vm/lab"

[VirtualCenter "vc-a"]
datacenters = "dc-east"
`;
const yaml = `global:
  user: ""
  password: ""
  server: ""
  port: 0
  insecureFlag: true
  datacenters: []
  soapRoundtripCount: 0
  caFile: ""
  secretName: vsphere-creds
  secretNamespace: kube-system
vcenter:
  vc-a:
    server: vc-a
    port: 443
    datacenters: [dc-east]
  west:
    server: vc-b
    port: 8443
labels:
  zone: openshift-zone
`;

test.each<[string, string, (number | undefined)[]]>([
  ["what the installer writes", installer, [undefined, undefined]],
  ["a port of one vCenter", `${installer}port = "8989"\n`, [8989, undefined]],
  ["a global port", `[Global]\nport = 8443\n${installer.replace("[Global]\n", "")}`, [8443, 8443]],
  ["both", `[Global]\nport="1"\n[VirtualCenter "vc-a"]\nport = "2"`, [2, 1]],
  ["comments, blanks and CRLF", `; c\n# c\n\r\n [ Global ] ; c\r\n port = 8443 # c\r\n`, [8443, 8443]],
  ["another case", `[GLOBAL]\nPort = "8443"`, [8443, 8443]],
  ["a server under another name", `[VirtualCenter "a"]\nport = "2"\nserver = "vc-a"`, [2, undefined]],
  ["the server first", `[VirtualCenter "a"]\nserver = "vc-a"\nport = "2"`, [2, undefined]],
  ["a flag without a value", `[Global]\ninsecure-flag\nport = "2"`, [2, 2]],
  ["an escaped quote", `[Global]\npassword = "a\\"; port = 1"\nport = "2"`, [2, 2]],
  ["a port elsewhere", `[Disk]\nport = "2"`, [undefined, undefined]],
  ["no port at all", `[Global]\nport = ""`, [undefined, undefined]],
  ["YAML", yaml, [443, 8443]],
  ["YAML with a global port", `global: {port: 8443}\nvcenter: {vc-a: {server: vc-a}, vc-b: }`, [8443, 8443]],
  ["YAML with a port in quotes", `vcenter: {vc-a: {port: "8443"}}`, [8443, undefined]],
  ["YAML behind a comment", `# [Global]\nglobal:\n  port: 8443\n`, [8443, 8443]],
  ["nothing", "", [undefined, undefined]],
  ["YAML without any of it", "labels: {}", [undefined, undefined]],
])("%s", (_, text, expected) => {
  const config = readCloudConfig(text);
  expect(["vc-a", "vc-b"].map(config.portOf)).toEqual(expected);
});

const bomb = Array.from({ length: 20 }, (_, n) => `l${n}: &l${n} [${Array(9).fill(n === 0 ? "x" : `*l${n - 1}`)}]`);

describe("what cannot be read", () => {
  test.each([
    ["a port that is none", `[Global]\nport = "hunter2"`, "line 2"],
    ["a port too high", `[VirtualCenter "a"]\nport = 65536`, "line 2"],
    ["a field of no section", "[Global]\n[\nport = 1", "line 2"],
    ["a list", "- hunter2", "global"],
    ["a text", "hunter2", "global"],
    ["a port of another form in YAML", "vcenter: {vc-a: {port: {a: hunter2}}}", "vcenter.vc-a.port"],
    ["broken YAML", "global: {port: hunter2", "no YAML"],
    ["a YAML bomb", bomb.join("\n"), "no YAML"],
    ["deep nesting", "{a: ".repeat(60_000), "no YAML"],
    ["too much", `# ${"x".repeat(300_000)}`, "262144 characters"],
  ])("%s", (_, text, why) => {
    const read = () => readCloudConfig(text);
    expect(read).toThrow(CloudConfigError);
    expect(read).toThrow(why);
    expect(read).not.toThrow(/hunter2/);
  });

  test("anything gives ports or a CloudConfigError", () => {
    const lines = fc.constantFrom(
      "[Global]",
      '[VirtualCenter "a"]',
      "port",
      "port = 1",
      "a: b",
      "[",
      "&a *a",
      '"',
      "\\",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(lines, fc.string())), (parts) => {
        try {
          expect([undefined, 1]).toContain(readCloudConfig(parts.join("\n")).portOf("a"));
        } catch (error) {
          expect(error).toBeInstanceOf(CloudConfigError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
