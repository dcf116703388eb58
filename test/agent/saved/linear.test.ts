// Ten times the text takes ten times the time, whatever the text is: no pattern tries the same characters again and again.
import { expect, test } from "vitest";
import { readSaved } from "../../../agent/saved/saved-status.ts";

const digest = "a".repeat(64);
const head = `ostree-unverified-registry:quay.io/x@sha256:${digest}`;
const block = `${head}\n                   Digest: sha256:${digest}\n                  Version: 1 (2026-10-28T09:15:00Z)\n`;
const status = `State: idle\nDeployments:\n● ${block}\n  ${block}`;
const json = JSON.stringify({ deployments: [{ booted: true, "base-commit-meta": { a: 'x"'.repeat(500) } }] }, null, 2);

interface Shape {
  repeated: string;
  before?: string;
  behind?: string;
  /** Of the longer text. Long enough to tell, short enough for a failure to come to its end. */
  size?: number;
}

const shapes: [string, Shape][] = [
  ["nodes", { repeated: `# node/w\n${status}`, size: 5_000_000 }],
  ["nodes in the journal", { repeated: status.replace(/^/gm, "Nov 29 22:19:06 w rpm-ostree[1]: "), size: 5_000_000 }],
  ["nodes before each line", { repeated: status.replace(/^/gm, "w-1: "), size: 5_000_000 }],
  ["nodes in JSON", { repeated: `${json}\n`, size: 5_000_000 }],
  ["one JSON", { repeated: '{"a":"\\""},', before: '{"deployments":[', behind: "{}]}" }],
  ["JSON that never ends", { repeated: '{\n"deployments":[\n' }],
  ["opening brackets", { repeated: "[", before: '{"deployments":' }],
  ["quotation marks", { repeated: '"', before: '{"deployments":' }],
  ["a long list of packages", { repeated: "vim ", before: `${status}          LayeredPackages: ` }],
  [
    "lines of packages",
    { repeated: `${"vim ".repeat(20)}\n`.padStart(110), before: `${status}  LayeredPackages: x\n` },
  ],
  ["blank lines", { repeated: "\n", before: status }],
  ["blanks", { repeated: " ", before: status, behind: "x" }],
  ["a line of blanks with an end", { repeated: `${" ".repeat(5000)}x\n` }],
  ["heads without keys", { repeated: `● ${head}\n`, before: "State: idle\nDeployments:\n" }],
  ["words", { repeated: "a\n\n", before: "State: idle\nDeployments:\n" }],
  ["half a version", { repeated: "1 (2", before: "Deployments:\n● vm\n  Version: " }],
  ["half a callout", { repeated: " <1", before: status, behind: "x" }],
  ["half a prompt", { repeated: "a@", before: status }],
  ["half a colour", { repeated: "\u001b[" }],
  ["half a title", { repeated: "\u001b]" }],
  ["half a digest", { repeated: "@sha256:a", before: "Deployments:\n● " }],
  ["half an error", { repeated: "failed to connect to ", before: "error: " }],
  ["half a prefix", { repeated: "( a[", behind: "]:" }],
  ["half a pod", { repeated: "a-debug-", before: "Starting pod/" }],
  ["carriage returns", { repeated: "\r" }],
];

test.each(shapes)("%s", { timeout: 60_000 }, (_, { repeated, before = "", behind = "", size = 200_000 }) => {
  const time = (length: number) => {
    const text = `${before}${repeated.repeat(length / repeated.length)}${behind}`;
    const start = process.cpuUsage();
    expect(readSaved(text).length).toBeGreaterThan(0);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  const short = Math.min(time(size / 10), time(size / 10));
  // The time of the processor, which other programs do not change much; the fifth of a second is for the collection of garbage.
  expect(time(size)).toBeLessThan(12 * short + 200);
});
