// The listing of Nodes: as a table, as JSON and as CSV.
import { describe, expect, test } from "vitest";
import { fieldNames, nodeListing } from "../../cli/node-listing.ts";
import { nodesTable } from "../../cli/nodes-table.ts";
import { nodesCsv, nodesJson } from "../../cli/nodes-text.ts";
import { machineFacts } from "../../cli/read-machines.ts";
import { nodeRow } from "../../cli/read-nodes.ts";
import { selectorOf } from "../../cli/verdict-selector.ts";
import { node, now, shown } from "./facts.ts";

const object = {
  metadata: {
    name: "worker-a-1",
    creationTimestamp: "2026-11-23T12:00:00Z",
    labels: { "bootwarden.io/verdict": "Updating", "bootwarden.io/os-digest": "0823d6fd6f8068a0" },
    annotations: {
      "bootwarden.io/verdict-reason": "StagedForReboot",
      "bootwarden.io/verdict-message": "sha256:916d waits for a reboot.",
      "bootwarden.io/boot-image-check": "Match",
      "agent.bootwarden.io/booted-digest": "sha256:0823d6fd6f8068a0bc21c2a1bc764d078d9acf8ff007c1031b6a6babc1e0f664",
      "agent.bootwarden.io/booted-image": "ostree-unverified-registry:quay.io/x@sha256:0823",
      "agent.bootwarden.io/booted-version": "9.8.20261116-0",
      "agent.bootwarden.io/boot-image": "9.6.20261028-0",
      "agent.bootwarden.io/staged-digest": "sha256:916d56e39df3763225b8013f287cceb4d7ae54b9e8b63517d0a49148a9497ea5",
    },
  },
};
const machine = (name: string, ofNode: string) =>
  machineFacts({
    metadata: { name, labels: { "machine.openshift.io/cluster-api-machineset": "worker-a" } },
    status: { nodeRef: { name: ofNode } },
  });
const staged = nodeListing([nodeRow(object)], [machine("worker-a-1", "worker-a-1")]);

describe("the table", () => {
  const table = (nodes = staged, change: { wide?: boolean; machines?: boolean } = {}) =>
    shown(nodesTable(nodes, { wide: false, machines: true, now, ...change }));

  test("says for each Node what it runs", () => {
    expect(table()).toBe(`\
NODE        MACHINESET  VERDICT   REASON           OS DIGEST         BOOT IMAGE      STAGED            AGE
worker-a-1  worker-a    Updating  StagedForReboot  0823d6fd6f8068a0  9.6.20261028-0  916d56e39df37632   3d
`);
  });

  test("wide has the booted version, the check and the message besides", () => {
    expect(table(staged, { wide: true })).toMatch(
      /3d {2}9\.8\.20261116-0 {2}Match +sha256:916d waits for a reboot\.\n$/,
    );
  });

  test("begins with what is in trouble, each kind by name", () => {
    const rows = [
      node("d", "Verified", "DigestMatch"),
      node("c", null, "NotApplicable"),
      node("b", "Mismatch", "OSImageMismatch"),
      node("a", "Mismatch", "OSImageMismatch"),
      node("e", "Updating", "NodeUpdating"),
      node("f", "Unknown", "NoReport"),
    ];
    const told = table(nodeListing(rows, []));
    expect([...told.matchAll(/^([a-f]) /gm)].map(([, name]) => name)).toEqual(["a", "b", "f", "e", "d", "c"]);
  });

  test("of a Node that nobody has looked at says so", () => {
    expect(table(nodeListing([nodeRow({ metadata: { name: "new" } })], []))).toMatch(
      /^new +- +- +NotJudged +- +- +- +-$/m,
    );
  });

  test("has a question mark where Machines could not be read, and a sentence where there are no Nodes", () => {
    expect(table(nodeListing([nodeRow(object)], null), { machines: false })).toMatch(/^worker-a-1 {2}\? /m);
    expect(table([])).toBe("No Nodes.\n");
  });

  test("of 5,000 Nodes is made in no time that matters, a line each", () => {
    const many = Array.from({ length: 5_000 }, (_, at) =>
      nodeRow({ metadata: { ...object.metadata, name: `worker-${at}` } }),
    );
    expect(table(nodeListing(many, [])).split("\n")).toHaveLength(5_002);
  });
});

test("only a Machine says which Node is its own, whatever the Node says of itself", () => {
  const liar = nodeRow({
    metadata: { name: "liar", annotations: { "machine.openshift.io/machine": "openshift-machine-api/worker-a-1" } },
  });
  const listed = nodeListing([liar, nodeRow(object)], [machine("worker-a-1", "worker-a-1")]);
  expect(listed.map(({ name, machineSet }) => [name, machineSet])).toEqual([
    ["liar", null],
    ["worker-a-1", "worker-a"],
  ]);
});

describe("json", () => {
  test("has every documented field of every Node", () => {
    const { schema, nodes, notShown } = JSON.parse(nodesJson(staged, ["The MachineSet of each node."]));
    expect({ schema, notShown }).toEqual({ schema: 1, notShown: ["The MachineSet of each node."] });
    expect(Object.keys(nodes[0])).toEqual(fieldNames);
    expect(nodes[0]).toMatchObject({
      name: "worker-a-1",
      machine: "worker-a-1",
      machineSet: "worker-a",
      verdict: "Updating",
      bootImage: "9.6.20261028-0",
    });
    expect(
      JSON.parse(nodesJson(nodeListing([nodeRow({ metadata: { name: "new" } })], null), [])).nodes[0],
    ).toMatchObject({ verdict: null, machineSet: null, createdAt: null });
  });

  test("means what the Node says, and brings nothing to a terminal that it would obey", () => {
    const message = "a\u009b31m\u202eb\u001b[2J\ud83d\ude00\u2028c\ud800";
    const hostile = nodeListing([{ ...node("n", "Unknown", "x"), message }], []);
    const text = nodesJson(hostile, []);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    expect(JSON.parse(text).nodes[0].message).toBe(message);
  });
});

describe("csv", () => {
  const field = (message: string) =>
    nodesCsv(nodeListing([{ ...node("n", "Unknown", "x"), message }], [])).split("\r\n")[1] ?? "";

  test("has a line of names, and one for each Node", () => {
    const [head, line, end] = nodesCsv(staged).split("\r\n");
    expect(head).toBe(fieldNames.join(","));
    expect(line).toMatch(
      /^worker-a-1,worker-a-1,worker-a,Updating,StagedForReboot,"sha256:916d waits for a reboot\.",Match,/,
    );
    expect(end).toBe("");
  });

  test.each([
    ["=1+1", `"'=1+1"`],
    ["+cmd|' /C calc'!A0", `"'+cmd|' /C calc'!A0"`],
    ["-2", `"'-2"`],
    ["@SUM(A1)", `"'@SUM(A1)"`],
    ["\t=1+1", `"'=1+1"`],
    ["\r\n=1", `"'=1"`],
    ["\ufeff=1", `"'=1"`],
    ["＝1", `"'＝1"`],
    ['say "hi", now', '"say ""hi"", now"'],
    ["plain", "plain"],
  ])("%j is calculated by no spreadsheet", (text, written) => {
    expect(field(text)).toContain(`,${written},`);
  });

  test("of a text with line breaks has one line", () => {
    expect(
      nodesCsv(nodeListing([{ ...node("n", "Unknown", "x"), message: "a\nb\r\nc" }], [])).split("\r\n"),
    ).toHaveLength(3);
  });
});

describe("--verdict and -l as one selector", () => {
  test.each([
    [undefined, undefined, undefined],
    ["a=b", undefined, "a=b"],
    [undefined, "mismatch", "bootwarden.io/verdict in (Mismatch)"],
    ["a=b", "Mismatch, Unknown", "a=b,bootwarden.io/verdict in (Mismatch,Unknown)"],
    [undefined, "None,Mismatch", "bootwarden.io/verdict notin (Unknown,Updating,Verified)"],
    [undefined, "None,Mismatch,Unknown,Updating,Verified", undefined],
  ])("%j with %j is %j", (selector, verdicts, expected) => {
    expect(selectorOf(selector, verdicts)).toBe(expected);
  });

  test.each([
    ["Mismtch", "There is no verdict Mismtch: Mismatch, Unknown, Updating, Verified, None. Did you mean Mismatch?"],
    ["", "There is no verdict without a name: Mismatch, Unknown, Updating, Verified, None."],
  ])("%j is refused", (verdicts, message) => {
    expect(() => selectorOf(undefined, verdicts)).toThrow(expect.objectContaining({ reason: "UsageInvalid", message }));
  });
});
