// The markers: lines of a saved text that say which node the next status is of.

const name = "[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?";

/** A node's name is one of a DNS subdomain. */
export const nodeName = new RegExp(`^${name}$`);

export interface Marker {
  node: string;
  /** `heading` was written by whoever saved the text, `pod` by `oc debug`. */
  by: "heading" | "pod";
}

/** `# node/NAME`, also with other decoration; and how tools that run a command on all nodes print it: `[NAME - [roles]]:`, `NAME | CHANGED | rc=0 >>`. */
const headings = [
  new RegExp(`^[\\s=#*>-]*node/(${name})[\\s=#*<:-]*$`),
  new RegExp(`^\\s*\\[(${name}) - \\[.*\\]\\]:$`),
  new RegExp(`^(${name}) \\| [A-Z!]+ (?:\\| rc=\\d+ |=)>>?`),
];

/** `NAME:`, and `== NAME ==`, which may be anything else. */
const colon = new RegExp(`^\\s*(${name}):$`);
const line = new RegExp(`^\\s*[=#*-]{2,} *(${name}) *[=#*-]{2,}$`);

/** The pod is named for the node, without its dots in most versions, and in newer ones with five letters behind. */
const pod = new RegExp(`(?:^|\\s)Starting pod/(${name})-debug(?:-[a-z0-9]{5})?(?:[\\s.…]|$)`);

/** `rpm-ostree --version` begins with its own name; the others introduce a message or an example. */
const noNode = /^(?:(?:lib|rpm-)?ostree|bootc|error|warning|note|info|hint|usage|output|result)$/;

/** Null when the line is no marker. A lone word that may be anything is a name only if a status, or an error in its place, `follows`. */
export function markerIn(text: string, follows: () => boolean): Marker | null {
  if (text.length > 2048) return null;
  const started = pod.exec(text)?.[1];
  if (started !== undefined) return { node: started, by: "pod" };
  const sure = headings.map((heading) => heading.exec(text)?.[1]).find((found) => found !== undefined);
  if (sure !== undefined) return { node: sure, by: "heading" };
  const word = colon.exec(text)?.[1];
  const node = word ?? line.exec(text)?.[1];
  if (node === undefined || noNode.test(node)) return null;
  return (word !== undefined && /[\d.]/.test(word)) || follows() ? { node, by: "heading" } : null;
}

/** Whether two names may be of the same node: a pod's name has no dots. */
export function isSameNode(one: string, other: string): boolean {
  const bare = (text: string) => text.replace(/[.-]/g, "");
  return bare(one) === bare(other);
}
