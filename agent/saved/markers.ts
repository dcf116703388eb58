// The markers: lines of a saved text that say which node the next status is of.

const name = "[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?";

/** A node's name is one of a DNS subdomain. */
export const nodeName = new RegExp(`^${name}$`);

export interface Marker {
  node: string;
  /** `heading` was written by whoever saved the text, `pod` by `oc debug`. */
  by: "heading" | "pod";
}

/** `# node/NAME`, also with other decoration; `NAME:`; and `[NAME - [roles]]:` of a tool that runs a command on all nodes. */
const headings = [
  new RegExp(`^[\\s=#*>-]*node/(${name})[\\s=#*<:-]*$`),
  new RegExp(`^\\s*(${name}):$`),
  new RegExp(`^\\s*\\[(${name}) - \\[.*\\]\\]:$`),
];

/** The pod is named for the node, without its dots in most versions, and in newer ones with five letters behind. */
const pod = new RegExp(`(?:^|\\s)Starting pod/(${name})-debug(?:-[a-z0-9]{5})?(?:[\\s.]|$)`);

/** `rpm-ostree --version` begins with its own name; the others introduce a message or an example. */
const noNode = /^(?:(?:lib|rpm-)?ostree|bootc|error|warning|note|info|hint|usage|output|result)$/;

/** Null when the line is no marker. A lone word that may be anything is a name only if a status `follows`. */
export function markerIn(line: string, follows: () => boolean): Marker | null {
  if (line.length > 2048) return null;
  const started = pod.exec(line)?.[1];
  if (started !== undefined) return { node: started, by: "pod" };
  const node = headings.map((heading) => heading.exec(line)?.[1]).find((found) => found !== undefined);
  if (node === undefined || noNode.test(node)) return null;
  return /[\d.-]/.test(node) || line.includes("node/") || follows() ? { node, by: "heading" } : null;
}

/** Whether two names may be of the same node: a pod's name has no dots. */
export function isSameNode(one: string, other: string): boolean {
  const bare = (text: string) => text.replace(/[.-]/g, "");
  return bare(one) === bare(other);
}
