// The JSON of rpm-ostree is found and read whatever stands around it.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSaved } from "../../../agent/saved/saved-status.ts";
import { hosts } from "./hosts.ts";
import type { Host, Printed } from "./printer.ts";

/** As json-glib prints it: blanks around the colon, no line's end behind the last brace. */
function json({ deployments, transaction }: Host): string {
  const value = {
    deployments: deployments.map(jsonOf),
    transaction: transaction === null ? null : [transaction.title, transaction.client ?? "", "unix:abstract=/x"],
    "cached-update": null,
    "update-driver": null,
  };
  return JSON.stringify(value, null, 2).replace(/^( *"[^"]*"):/gm, "$1 :");
}

function jsonOf(one: Printed): object {
  const { image, digest, digestSource, checksum, baseChecksum, liveReplaced, version } = one;
  const origin =
    digestSource === "manifest"
      ? { "container-image-reference": image, "container-image-reference-digest": digest }
      : one.description === null
        ? { origin: image }
        : { origin: "a".repeat(64), "custom-origin": [image, one.description] };
  const optional = { version, checksum, "base-checksum": baseChecksum, "live-replaced": liveReplaced };
  return {
    id: `${one.osname}-0.0`,
    osname: one.osname,
    serial: 0,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)),
    ...origin,
    timestamp: 1793188800,
    booted: one.booted,
    staged: one.staged,
    pinned: one.pinned,
    unlocked: one.unlocked,
    "base-commit-meta": {
      "ostree.manifest": '{"schemaVersion":2,\n"note":"}{ \\" x[1]: "}',
      "rpmostree.inputhash": "\u001f",
    },
    packages: one.lists.LayeredPackages,
  };
}

const prefixed = (prefix: string) => (text: string) => text.replace(/^/gm, prefix);
const debug = "Temporary namespace openshift-debug-8mcf4 is created for debugging node...\nStarting pod/";

const disguises: [string, string | null, (text: string) => string][] = [
  ["nothing", null, (text) => text],
  ["one line", null, (text) => JSON.stringify(JSON.parse(text))],
  ["sorted keys", null, (text) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text)).sort()), null, 4)],
  ["CRLF", null, (text) => text.replaceAll("\n", "\r\n")],
  ["lines of oc debug", "w-0", (text) => `${debug}w-0-debug ...\n${text}\nRemoving debug pod ...\n`],
  ["the end of oc debug glued to it", "w-0", (text) => `${debug}w-0-debug-x8fj2 ...\n${text}Removing debug pod ...\n`],
  [
    "lines of another program between",
    null,
    (text) => text.replaceAll("\n", "\nW1028 09:15:00.123456   12 warnings.go:70] x\n"),
  ],
  ["a heading", "w-1.example.com", (text) => `w-1.example.com:\n${text}\n`],
  ["the node in front", "w-1", (text) => `w-1: ${JSON.stringify(JSON.parse(text))}\n`],
  ["the node in front of each line", "w-1", prefixed("w-1: ")],
  ["the journal", null, prefixed("Nov 29 22:19:06 w rpm-ostree[798]: ")],
  ["a quotation", null, prefixed("> ")],
  ["an indentation", null, prefixed("\t    ")],
  ["no indentation", null, (text) => text.replace(/^ +/gm, "")],
  ["colours", null, (text) => text.replace(/^( *)("[^"]*")/gm, "$1\u001b[34;1m$2\u001b[0m")],
  [
    "a command before and a prompt behind",
    null,
    (text) => `[root@w ~]# rpm-ostree status --json | tee x\n${text}[root@w ~]# \n`,
  ],
  ["a mark of the byte order", null, (text) => `\uFEFF${text}`],
];

describe("the JSON of any host", () => {
  test.each(disguises)("with %s", (_, node, disguise) => {
    fc.assert(
      fc.property(hosts, (host) => {
        const deployments = host.deployments.map(
          ({ description: _, osname: _o, title: _t, lists: _l, gpg: _g, ...keys }) => keys,
        );
        expect(readSaved(disguise(json(host)))).toEqual([
          {
            node,
            state: host.transaction === null ? "idle" : "busy",
            transaction: host.transaction,
            deployments,
            warnings: expect.any(Array),
          },
        ]);
      }),
      { numRuns: 100 },
    );
  });

  test("cut off anywhere it is an error", () => {
    fc.assert(
      fc.property(hosts, fc.nat(), (host, place) => {
        const text = json(host);
        const nodes = readSaved(text.slice(0, place % text.length));
        expect(nodes).toEqual([{ node: null, error: { reason: "UnreadableOutput", message: expect.any(String) } }]);
      }),
    );
  });

  test.each([
    ['{"deployments":[{"booted":true,}]}', "The JSON of the status cannot be read."],
    ['{"deployments":[{"booted":true}', "The JSON of the status is cut off."],
  ])("%s: what is wrong with it is said", (text, message) => {
    expect(readSaved(text)).toEqual([{ node: null, error: { reason: "UnreadableOutput", message } }]);
  });

  test("of several nodes is one record each, one cut off among them an error", () => {
    fc.assert(
      fc.property(fc.array(hosts, { minLength: 1, maxLength: 5 }), (some) => {
        const text = some.map(
          (host, index) => `# node/w-${index}\n${index === 1 ? `${json(host).slice(0, -9)}\n` : json(host)}`,
        );
        const nodes = readSaved(text.join(text.length % 2 === 0 ? "\n" : ""));
        expect(nodes.map(({ node }) => node)).toEqual(some.map((_, index) => `w-${index}`));
        expect(nodes.map((node) => "error" in node)).toEqual(some.map((_, index) => index === 1));
      }),
    );
  });
});
