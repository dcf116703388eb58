// Several nodes in one text are told apart, and each status has the name that stands before it.
import { expect, test } from "vitest";
import { readSaved } from "../../../agent/saved/saved-status.ts";

const status = (version: string) =>
  `State: idle\nDeployments:\n● fedora:fedora/x86_64/coreos/stable\n   Version: ${version} (2026-10-28T09:15:00Z)\n`;
const json = (version: string) => `{"deployments":[{"booted":true,"version":"${version}"}],"transaction":null}\n`;
const s1 = status("1");
const s2 = status("2");

/** `node=version`, or `node!reason`. */
const told = (text: string) =>
  readSaved(text).map((node) => {
    const what = "error" in node ? `!${node.error.reason}` : `=${node.deployments.map(({ version }) => version)}`;
    return `${node.node}${what}`;
  });

test.each<[string, string, string[]]>([
  ["no name", s1, ["null=1"]],
  ["a second State", s1 + s2, ["null=1", "null=2"]],
  [
    "a second list without a State",
    `${s1}Deployments:\n● vm\n  Version: 2 (2026-10-28T09:15:00Z)\n`,
    ["null=1", "null=2"],
  ],
  ["a quotation of the list alone", s1.replace(/^State.*\n/, "").replace(/^/gm, "> "), ["null=1"]],
  ["headings", `# node/a\n${s1}# node/b\n${s2}`, ["a=1", "b=2"]],
  ["headings with decoration", `=== node/a ===\n${s1}\n>>> node/b:\n${s2}`, ["a=1", "b=2"]],
  ["names with a colon", `w-1:\n${s1}\nw-2.example.com:\n${s2}`, ["w-1=1", "w-2.example.com=2"]],
  ["a plain word with a colon", `alpha:\nwarning: x\n${s1}beta:\nerror: x\n`, ["alpha=1", "beta!CommandFailed"]],
  ["a name is of one status only", `# node/a\n${s1}${s2}`, ["a=1", "null=2"]],
  ["pods of oc debug", `Starting pod/a-debug ...\n${s1}\nStarting pod/b-debug-x8fj2 ...\n${s2}`, ["a=1", "b=2"]],
  ["a pod with an ellipsis", `Starting pod/a-debug…\n${s1}`, ["a=1"]],
  ["a node that is called debug", `Starting pod/w-debug-1-debug ...\n${s1}`, ["w-debug-1=1"]],
  ["a heading and the pod of the same node", `# node/w.lab\nStarting pod/wlab-debug ...\n${s1}`, ["w.lab=1"]],
  [
    "a heading and the pod, whose name was shortened",
    `# node/w.lab.example.com\nStarting pod/wlabexa-debug ...\n${s1}`,
    ["w.lab.example.com=1"],
  ],
  ["a pod and a heading of the same node", `Starting pod/w-1-debug ...\nw-1:\n${s1}`, ["w-1=1"]],
  ["a pod, and a heading with the dots that its name lacks", `Starting pod/wlab-debug ...\nw.lab:\n${s1}`, ["w.lab=1"]],
  ["what introduces a message is no name", `error:\n${s1}`, ["null=1"]],
  ["a pod after a status", `# node/a\n${s1}Starting pod/b-debug ...\n${s2}`, ["a=1", "b=2"]],
  ["a node without output", `# node/a\n# node/b\n${s2}`, ["a!UnreadableOutput", "b=2"]],
  [
    "two pods, the first without output",
    `Starting pod/a-1-debug ...\nStarting pod/b-1-debug ...\n${s2}`,
    ["a-1!UnreadableOutput", "b-1=2"],
  ],
  ["JSON by heading", `# node/a\n${json("1")}# node/b\n${json("2")}`, ["a=1", "b=2"]],
  ["JSON without a name", json("1") + json("2"), ["null=1", "null=2"]],
  ["JSON whose strings look like colours and callouts", json("a[1mb <1>"), ["null=a[1mb <1>"]],
  ["JSON and text", `a-1:\n${json("1")}${s2}`, ["a-1=1", "null=2"]],
  [
    "names before each line, mixed",
    "w-1: State: idle\nw-2: State: busy\nw-1: ● vm\nw-2: * vm\nw-2:   Version: 2 (2)\nw-1:   Version: 1 (1)\n",
    ["w-1=1", "w-2=2"],
  ],
  ["a log viewer's words before each line", s1.replace(/^/gm, "[pod/mcd-x/daemon] "), ["null=1"]],
  [
    "a tool that runs a command on all nodes",
    `[w.lab - [node-role.kubernetes.io/worker]]:\n$ rpm-ostree status\n${s1}`,
    ["w.lab=1"],
  ],
  ["ansible", `w-1 | CHANGED | rc=0 >>\n${s1}w-2 | FAILED | rc=1 >>\nerror: x\n`, ["w-1=1", "w-2!CommandFailed"]],
  ["a line of the parallel shells", `---- w-1 ----\n${s1}`, ["w-1=1"]],
  ["what introduces an example is no name", `output:\n${s1}\nerror:\nrpm-ostree:\n Version: '2024.3'\n`, ["null=1"]],
  [
    "a key of YAML is no name",
    `metadata:\n  name: x\n  other-key:\n  a: 1\n  b: 2\n  c: 3\n  d: 4\n  e: 5\n${s1}`,
    ["null=1"],
  ],
  ["prose is no name", `Current State: idle\n${s1}`, ["null=1"]],
  ["nothing", "", ["null!UnreadableOutput"]],
  ["no status", "hello\nworld\n", ["null!UnreadableOutput"]],
  ["no deployment in JSON", '{"deployments":[],"transaction":null}', ["null!NoBootedDeployment"]],
  ["no deployment in text", "State: idle\nDeployments:\n", ["null!UnreadableOutput"]],
  [
    "two booted deployments",
    `${s1}\n● fedora:fedora/x86_64/coreos/next\n   Version: 2 (2)\n`,
    ["null!UnreadableOutput"],
  ],
])("%s", (_, text, nodes) => {
  expect(told(text)).toEqual(nodes);
});

test("no booted deployment, as on a live system, is told with a warning, in text and JSON", () => {
  for (const text of [s1.replace("●", " "), json("1").replace("true", "false")]) {
    expect(readSaved(text)).toMatchObject([
      { deployments: [{ booted: false, version: "1" }], warnings: ["no deployment is marked as booted"] },
    ]);
  }
});
