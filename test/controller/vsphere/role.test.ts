import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { type Grant, readOnlyCalls, role } from "../../../controller/vsphere/role.ts";
import { operations } from "../../../controller/vsphere/wsdl.ts";

const docs = await readFile(new URL("../../../docs/vcenter-role.md", import.meta.url), "utf8");
const code = (text: string) => `\`${text}\``;

function rowOf({ privilege, on, purpose, calls, installer }: Grant): string {
  const use = purpose === "both" ? "import, clone" : purpose;
  return `| ${code(privilege)} | ${on} | ${use} | ${calls.map(code).join(", ")} | ${installer ? "yes" : "no"} |`;
}

test("the table of the documentation is the code's", () => {
  const rows = docs.split("\n").filter((line) => /^\| `[A-Z]\w+\.[\w.]+` \|/.test(line));
  expect(rows).toEqual(role.map(rowOf));
});

test("each operation that the code calls needs something of the role, or Read-only", () => {
  const granted = new Set<string>(role.flatMap(({ calls }) => calls));
  for (const operation of operations) {
    expect(readOnlyCalls.includes(operation) !== granted.has(operation), operation).toBe(true);
  }
});

test("the role asks for nothing that no call needs, and for nothing twice on one object", () => {
  for (const { privilege, calls } of role) {
    expect(calls.length, privilege).toBeGreaterThan(0);
    for (const call of calls) {
      expect(call === "tag-association" || operations.includes(call), `${privilege}: ${call}`).toBe(true);
    }
  }
  expect(new Set(role.map(({ privilege, on }) => `${privilege} ${on}`)).size).toBe(role.length);
});

test("tags are attached where the role says", async () => {
  const source = await readFile(new URL("../../../controller/vsphere/tags.ts", import.meta.url), "utf8");
  const changing = [...source.matchAll(/tagging\/([\w-]+)[^`"]*\?~action=(?!list)([\w-]+)/g)];
  expect(changing.map(([, path, action]) => `${path} ${action}`)).toEqual(["tag-association attach"]);
});

test("the README names every privilege of the role, and no other", async () => {
  const readme = await readFile(new URL("../../../README.md", import.meta.url), "utf8");
  const [, list = ""] = /The least that does:(.*?)On which object/s.exec(readme) ?? [];
  const spans = [...list.matchAll(/`([^`]+)`/g)].map(([, span = ""]) => span.replaceAll(/\s/g, ""));
  const named = spans.flatMap((span) => {
    const [, group = "", members] = /^(.*\.)\{(.*)\}$/.exec(span) ?? [];
    return members === undefined ? [span] : members.split(",").map((member) => `${group}${member}`);
  });
  expect(named.toSorted()).toEqual([...new Set(role.map(({ privilege }) => privilege))].toSorted());
});
