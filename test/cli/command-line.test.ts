// The command line: what is taken, and what is said of the rest.
import { describe, expect, test } from "vitest";
import { readCommandLine } from "../../cli/command-line.ts";
import { commands } from "../../cli/command-table.ts";
import { helpSyntaxes } from "../../cli/help.ts";
import { UsageError } from "../../cli/usage-error.ts";

const read = (line: string) => readCommandLine(line.split(" ").filter(Boolean), [...commands, ...helpSyntaxes]);

test.each([
  ["", { command: null, arguments: [], flags: {} }],
  ["--help", { command: null, arguments: [], flags: { help: "" } }],
  ["status -w", { command: "status", arguments: [], flags: { watch: "" } }],
  ["--context prod status", { command: "status", arguments: [], flags: { context: "prod" } }],
  ["nodes -o json -l a=b", { command: "nodes", arguments: [], flags: { output: "json", selector: "a=b" } }],
  ["nodes -ojson", { command: "nodes", arguments: [], flags: { output: "json" } }],
  ["nodes -o=json", { command: "nodes", arguments: [], flags: { output: "json" } }],
  ["nodes --verdict=Mismatch,Unknown", { command: "nodes", arguments: [], flags: { verdict: "Mismatch,Unknown" } }],
  [
    "rollback worker-a -y --dry-run=server",
    { command: "rollback", arguments: ["worker-a"], flags: { yes: "", "dry-run": "server" } },
  ],
  ["rollback --all", { command: "rollback", arguments: [], flags: { all: "" } }],
  ["explain -- -x", { command: "explain", arguments: ["-x"], flags: {} }],
  ["hold --help", { command: "hold", arguments: [], flags: { help: "" } }],
  ["help nodes", { command: "help", arguments: ["nodes"], flags: {} }],
])("%j", (line, expected) => {
  expect(read(line)).toEqual(expected);
});

describe("is refused, with what is meant", () => {
  test.each([
    ["statsu", "There is no command statsu. Did you mean status?"],
    ["get nodes", "There is no command get."],
    ["nodes --verdct=x", "There is no flag --verdct. Did you mean --verdict?"],
    ["nodes --frobnicate", "There is no flag --frobnicate."],
    ["status --verdict=x", "The command status has no flag --verdict."],
    ["--verdict=x", "--verdict is a flag of a command, and none is named."],
    ["status --watch=yes", "The flag --watch takes no value."],
    ["nodes --verdict", "The flag --verdict needs a value: --verdict=LIST."],
    ["nodes -o", "The flag -o needs a value: -o FORMAT."],
    ["nodes --selector=", "The flag --selector needs a value: --selector=SELECTOR."],
    ["hold", "The command hold needs a MACHINESET."],
    ["status worker-a", "The command status takes no arguments: worker-a is too much."],
    ["hold a b", "The command hold takes one argument: b is too much."],
    ["-x", "There is no flag -x."],
    ["toString", "There is no command toString."],
    ["nodes --__proto__=x", "There is no flag --__proto__."],
  ])("%j", (line, message) => {
    expect(() => read(line)).toThrow(expect.objectContaining({ reason: "UsageInvalid", message }));
    expect(() => read(line)).toThrow(UsageError);
  });
});
