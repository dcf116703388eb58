// Long texts: a few characters said again and again, each kind of which some way of reading would try anew from every place.
const digest = "a".repeat(64);
const head = `ostree-unverified-registry:quay.io/x@sha256:${digest}`;
const block = `${head}\n                   Digest: sha256:${digest}\n                  Version: 1 (2026-10-28T09:15:00Z)\n`;
const status = `State: idle\nDeployments:\n● ${block}\n  ${block}`;
const json = JSON.stringify({ deployments: [{ booted: true, "base-commit-meta": { a: 'x"'.repeat(500) } }] }, null, 2);

interface Shape {
  repeated: string;
  before?: string;
  behind?: string;
}

const shapes: Record<string, Shape> = {
  nodes: { repeated: `# node/w\n${status}` },
  "nodes in the journal": { repeated: status.replace(/^/gm, "Nov 29 22:19:06 w rpm-ostree[1]: ") },
  "nodes before each line": { repeated: status.replace(/^/gm, "w-1: ") },
  "nodes in JSON": { repeated: `${json}\n` },
  "one JSON": { repeated: '{"a":"\\""},', before: '{"deployments":[', behind: "{}]}" },
  "JSON that never ends": { repeated: '{\n"deployments":[\n' },
  "opening brackets": { repeated: "[", before: '{"deployments":' },
  "quotation marks": { repeated: '"', before: '{"deployments":' },
  "a long list of packages": { repeated: "vim ", before: `${status}          LayeredPackages: ` },
  "lines of packages": { repeated: `${"vim ".repeat(20)}\n`.padStart(110), before: `${status}  LayeredPackages: x\n` },
  "blank lines": { repeated: "\n", before: status },
  blanks: { repeated: " ", before: status, behind: "x" },
  "a line of blanks with an end": { repeated: `${" ".repeat(5000)}x\n` },
  "heads without keys": { repeated: `● ${head}\n`, before: "State: idle\nDeployments:\n" },
  words: { repeated: "a\n\n", before: "State: idle\nDeployments:\n" },
  "half a version": { repeated: "1 (2", before: "Deployments:\n● vm\n  Version: " },
  "half a callout": { repeated: " <1", before: status, behind: "x" },
  "half a prompt": { repeated: "a@", before: status },
  "half a colour": { repeated: "\u001b[" },
  "half a title": { repeated: "\u001b]" },
  "half a digest": { repeated: "@sha256:a", before: "Deployments:\n● " },
  "half an error": { repeated: "failed to connect to ", before: "error: " },
  "half a prefix": { repeated: "( a[", behind: "]:" },
  "half a tag": { repeated: "<pre>", before: status },
  "half a pod": { repeated: "a-debug-", before: "Starting pod/" },
  "half a transaction": { repeated: `Transaction: ${"ostree- ".repeat(100)}\n`, before: "State: busy\n" },
  "half a time": { repeated: `Version: ${"(1".repeat(500)}\n`, before: status },
  "keys without values": { repeated: "  Digest:\n", before: status },
  "a digest of one digit a line": { repeated: "a\n", before: `${status}\n  Digest: sha256:\n` },
  "carriage returns": { repeated: "\r" },
};

/** What it is made of, and the text of about so many characters. */
export const longTexts = Object.entries(shapes).map(([name, { repeated, before = "", behind = "" }]) => ({
  name,
  text: (size: number) => `${before}${repeated.repeat(size / repeated.length)}${behind}`,
}));
