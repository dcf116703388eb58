// What is printed by the layout rules is read back, whoever moved or decorated it since.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { readSaved } from "../../../agent/saved/saved-status.ts";
import { Deployment } from "../../../common/report.ts";
import { hosts, printings } from "./hosts.ts";
import { print, shown } from "./printer.ts";

const prefixed = (prefix: string) => (text: string) => text.replace(/^(?=.)/gm, prefix);

const disguises: [string, (text: string) => string][] = [
  ["nothing", (text) => text],
  ["CRLF", (text) => text.replaceAll("\n", "\r\n")],
  ["CR only, as of an old Mac", (text) => text.replaceAll("\n", "\r")],
  [
    "titles, character sets and characters that are not seen",
    (text) => `\u001b]0;w\u0007\u001b(B\u200b${text.replace(/^/gm, "\u0000\u001b[K")}`,
  ],
  ["four spaces", prefixed("    ")],
  ["a tab", prefixed("\t")],
  ["a quotation", (text) => text.replace(/^/gm, "> ").replace(/^> $/gm, ">")],
  ["trimmed lines", (text) => text.replace(/^[ \t]+/gm, "")],
  ["half the indentation", (text) => text.replace(/^ +/gm, (spaces) => " ".repeat(Math.ceil(spaces.length / 2)))],
  ["trailing spaces", (text) => text.replace(/$/gm, "   ")],
  [
    "colours",
    (text) =>
      text.replace(
        /^(● |\* )?( *(?:Version|Unlocked|LiveCommit): )(.*)$/gm,
        "\u001b[31m\u001b[1m$1$2$3\u001b[0m\u001b[22m",
      ),
  ],
  ["the journal", prefixed("Nov 29 22:19:06 worker-0.example.com rpm-ostree[798]: ")],
  ["the journal with precise times", prefixed("2026-10-28T09:15:00.123456+0000 worker-0 rpm-ostree[1]: ")],
  [
    "the journal, which drops blank lines",
    (text) => prefixed("Nov 29 22:19:06 w rpm-ostree[798]: ")(text.replace(/\n+/g, "\n")),
  ],
  [
    "the journal of RHEL 8, which trims lines too",
    (text) => prefixed("Nov 29 22:19:06 w rpm-ostree[798]: ")(text.replace(/\n+/g, "\n").replace(/^ +/gm, "")),
  ],
  ["blank lines between all", (text) => text.replaceAll("\n", "\n\n")],
  ["a container's log", prefixed("2026-10-28T09:15:00.123456789Z stdout F ")],
  ["klog before the first line", (text) => `I0222 15:16:21.752663  100538 start.go:161] ${text}`],
  [
    "callouts",
    (text) =>
      text.replace(/^(State.*|Deployments:|[●*] .*|.*Version: .*)$/gm, "$1 <1>").replace(/(Digest: .*)$/gm, "$1  (2)"),
  ],
  ["noise around", (text) => `$ rpm-ostree status\nwarning: x\n${text}\nRemoving debug pod ...\nsh-4.4# exit\nexit\n`],
  [
    "noise behind State",
    (text) => text.replace("\n", "\nwarning: Failed to query journal: couldn't find current boot in journal\n"),
  ],
  [
    "an available update",
    (text) =>
      `${text}\nAvailableUpdate:\n        Version: 99 (2030-01-01T00:00:00Z)\n         Commit: ${"f".repeat(64)}\n`,
  ],
  ["no line's end", (text) => text.trimEnd()],
  ["a mark of the byte order", (text) => `\uFEFF${text}`],
];

describe("any host, printed by any version", () => {
  test.each(disguises)("with %s", (_, disguise) => {
    fc.assert(
      fc.property(hosts, printings, (host, options) => {
        const [record, ...more] = readSaved(disguise(print(host, options)));
        expect(more).toEqual([]);
        expect(record).toMatchObject({
          node: null,
          state: host.transaction === null ? "idle" : "busy",
          transaction: host.transaction,
          deployments: shown(host, options),
        });
      }),
      { numRuns: 200 },
    );
  });
});

test("a deployment is that of the report's schema, with its keys in order", () => {
  fc.assert(
    fc.property(hosts, printings, (host, options) => {
      const [record] = readSaved(print(host, options));
      if (record === undefined || "error" in record) throw new Error("no record");
      expect(Object.keys(record)).toEqual(["node", "state", "transaction", "deployments", "warnings"]);
      for (const deployment of record.deployments) {
        expect(z.strictObject(Deployment.shape).parse(deployment)).toEqual(deployment);
        expect(Object.keys(deployment)).toEqual(Object.keys(Deployment.shape));
      }
    }),
  );
});
