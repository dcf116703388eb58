// What is cut off, changed or no status at all: every text ends in records and typed errors.
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { readSaved, type SavedNode } from "../../../agent/saved/saved-status.ts";
import { isReason } from "../../../common/reasons.ts";
import { Deployment } from "../../../common/report.ts";
import { hosts, printings } from "./hosts.ts";
import { print } from "./printer.ts";

const strings = ["image", "digest", "version", "checksum", "baseChecksum", "liveReplaced"] as const;

function recordIn(nodes: SavedNode[]): Extract<SavedNode, { state: unknown }> | null {
  const [node] = nodes;
  return nodes.length === 1 && node !== undefined && "state" in node ? node : null;
}

/** At least one record, each of the documented form, in one line of JSON. */
function check(text: string): void {
  const nodes = readSaved(text);
  expect(nodes.length).toBeGreaterThan(0);
  for (const node of nodes) {
    expect(JSON.stringify(node)).not.toMatch(/\n/);
    if ("error" in node) {
      expect(Object.keys(node)).toEqual(["node", "error"]);
      expect(isReason(node.error.reason) && node.error.reason).not.toBe("Unexpected");
      expect(node.error.message).toMatch(/^[^\p{Cc}]{1,500}$/u);
    } else {
      expect(node.deployments.length).toBeGreaterThan(0);
      for (const deployment of node.deployments) z.strictObject(Deployment.shape).parse(deployment);
    }
  }
}

test("of a text that is cut off nothing is told that the whole does not say", () => {
  fc.assert(
    fc.property(hosts, printings, fc.nat(), (host, options, place) => {
      const text = print(host, options);
      const whole = recordIn(readSaved(text));
      const start = text.slice(0, place % text.length);
      check(start);
      const record = recordIn(readSaved(start));
      for (const [index, deployment] of record?.deployments.entries() ?? []) {
        const same = whole?.deployments[index];
        for (const key of strings) {
          // Without its Digest line a deployment has its reference's.
          if (key === "digest" && deployment.digestSource === "reference") continue;
          if (deployment[key] !== null) expect([key, deployment[key]]).toEqual([key, same?.[key]]);
        }
        for (const key of ["booted", "staged", "pinned"] as const) expect(deployment[key] && !same?.[key]).toBe(false);
        if (deployment.unlocked !== "none") expect(deployment.unlocked).toBe(same?.unlocked);
      }
    }),
    { numRuns: 2000 },
  );
});

test("of a text that is cut off in the list no deployment before the end is lost", () => {
  fc.assert(
    fc.property(hosts, printings, fc.nat(), (host, options, place) => {
      const text = print(host, { ...options, bootedOnly: false });
      const parts = text.split("\n\n");
      const count = 1 + (place % parts.length);
      const record = recordIn(readSaved(parts.slice(0, count).join("\n\n")));
      expect(record?.deployments).toEqual(recordIn(readSaved(text))?.deployments.slice(0, count));
    }),
  );
});

const json = (deployments: object[]) => JSON.stringify({ deployments, transaction: null }, null, 2);
const pieces = fc.constantFrom(
  "State: idle\n",
  "State: busy",
  "Deployments:\n",
  "\n",
  "● ostree-unverified-registry:quay.io/x@sha256:",
  "* ",
  "  ",
  "fedora:fedora/x86_64/coreos/stable\n",
  "                   Digest: sha256:",
  "a".repeat(64),
  "\n                  Version: 1 (2026-01-01T00:00:00Z)\n",
  "                   Pinned: yes\n",
  "(error fetching image metadata)\n",
  "Starting pod/worker-0-debug ...\n",
  "# node/worker-1\n",
  "worker-2:\n",
  "worker-3: State: idle\n",
  "worker-3: ",
  "error: Could not connect: No such file or directory\n",
  "{",
  "}",
  '{\n  "deployments" : [\n',
  '"deployments":[',
  '{"apiVersion":"org.containers.bootc/v1",',
  '"status":{"booted":{}}}',
  '"booted":true',
  "]",
  '"',
  "\\",
  json([{ booted: true, version: "1" }]),
  json([]),
  "\u001b[31m",
  "\r",
  "\uD800",
  "Nov 29 22:19:06 w rpm-ostree[798]: ",
);

test("any mix of the pieces of a status ends in records of the documented form", () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (some) => check(some.join(""))),
    { numRuns: 5000 },
  );
});

test("so does any text, and any change of a status", () => {
  const changed = fc
    .tuple(hosts, printings, fc.nat(), fc.nat(40), fc.oneof(fc.string(), fc.string({ unit: "binary" }), pieces))
    .map(([host, options, at, length, put]) => {
      const text = print(host, options);
      const from = at % text.length;
      return text.slice(0, from) + put + text.slice(from + length);
    });
  fc.assert(fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" }), changed), check), { numRuns: 2000 });
});

test("any noise in lines of its own around a status leaves it as it is", () => {
  const noise = fc
    .array(fc.string({ unit: "grapheme" }).filter((line) => !/State|Deployment|[{}●*:]|node\/|Starting/.test(line)))
    .map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(fc.tuple(hosts, printings), noise, noise, ([host, options], before, behind) => {
      const text = print(host, options);
      expect(readSaved(`${before}\n${text}\n${behind}\n`)).toEqual(readSaved(text));
    }),
    { numRuns: 1000 },
  );
});

test("nor do lines of other programs in the middle of it change a status", () => {
  const noise = fc.constantFrom(
    "warning: Failed to query journal: couldn't find current boot in journal",
    'W1028 09:15:00.123456   12345 warnings.go:70] would violate PodSecurity "restricted:latest": host namespaces',
    "E1028 09:15:00.123456   12345 v2.go:129] write tcp 10.0.0.1:443: use of closed network connection",
    "Temporary namespace openshift-debug-8mcf4 is created for debugging node...",
    "If you don't see a command prompt, try pressing enter.",
    "Nov 29 22:19:06 w systemd[1]: Started rpm-ostree System Management Daemon.",
    "Nov 29 22:19:06 w rpm-ostree[9754]: In idle state; will auto-exit in 62 seconds",
  );
  fc.assert(
    fc.property(fc.tuple(hosts, printings), noise, fc.nat(), ([host, options], line, place) => {
      const text = print(host, options);
      const lines = text.split("\n");
      lines.splice(1 + (place % (lines.length - 1)), 0, line);
      expect(readSaved(lines.join("\n"))).toEqual(readSaved(text));
    }),
    { numRuns: 2000 },
  );
});
