// The settings: kubeconfigs, width and colours.
import { homedir } from "node:os";
import { expect, test } from "vitest";
import { readSettings, type Terminal, type Wishes } from "../../cli/settings.ts";

const terminal = { isTTY: true, columns: 100 };

test.each<[string, Terminal, Wishes, Record<string, string>, { width: number | null; colour: boolean }]>([
  ["a terminal", terminal, {}, {}, { width: 100, colour: true }],
  ["a terminal of unknown width", { isTTY: true }, {}, {}, { width: 80, colour: true }],
  ["a pipe", {}, {}, {}, { width: null, colour: false }],
  ["a pipe with --color", {}, { color: "" }, {}, { width: null, colour: true }],
  ["NO_COLOR", terminal, {}, { NO_COLOR: "1" }, { width: 100, colour: false }],
  ["an empty NO_COLOR, which says nothing", terminal, {}, { NO_COLOR: "" }, { width: 100, colour: true }],
  ["NO_COLOR with --color", terminal, { color: "" }, { NO_COLOR: "1" }, { width: 100, colour: true }],
  ["--no-color", terminal, { "no-color": "" }, {}, { width: 100, colour: false }],
  ["both flags", terminal, { color: "", "no-color": "" }, {}, { width: 100, colour: false }],
  ["TERM=dumb", terminal, {}, { TERM: "dumb" }, { width: 100, colour: false }],
])("%s", (...[, stream, wishes, environment, look]) => {
  expect(readSettings(stream, wishes, environment).look).toEqual(look);
});

test.each<[Wishes, Record<string, string>, string[]]>([
  [{}, {}, [`${homedir()}/.kube/config`]],
  [{}, { KUBECONFIG: "/a::/b" }, ["/a", "/b"]],
  [{ kubeconfig: "/c" }, { KUBECONFIG: "/a" }, ["/c"]],
])("kubeconfigs of %j and %j are %j", (wishes, environment, files) => {
  expect(readSettings(terminal, wishes, environment).kubeconfigs).toEqual(files);
});
