// The page of faults: it names each fault that is suffered, and how it must end, as the code does.
import { expect, test } from "vitest";
import { badLines } from "./faults/bad-line.ts";
import { peerFaults } from "./faults/peer-faults.ts";
import { tablesOf } from "./markdown-tables.ts";

const tables = tablesOf("docs/faults.md");

test("holds every fault of lines and servers, with its end", () => {
  const end = (ends: (typeof badLines)[number]["ends"]) =>
    ends === "Recovers" ? "recovery" : `\`${ends.reason}\`, then recovery`;
  const rows = (tables.get("Lines and servers") ?? []).map(([name, ends]) => [name, ends]);
  expect(rows).toEqual(badLines.map(({ name, ends }) => [name, end(ends)]));
});

test("gives each a time within two minutes", () => {
  for (const [name, , seconds] of tables.get("Lines and servers") ?? []) {
    expect(Number(seconds), name).toBeGreaterThan(0);
    expect(Number(seconds), name).toBeLessThan(120);
  }
});

test("holds every fault of the peer's, with both ends", () => {
  const rows = tables.get("Beside the Machine Config Operator");
  expect(rows).toEqual(peerFaults.map(({ name, peer, ours }) => [name, peer, ours]));
});
