// The page of faults: it names each fault that is suffered, and how it must end, as the code does.
import { expect, test } from "vitest";
import { apiFaults } from "./faults/api-fault.ts";
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

test("holds every fault of the API server", () => {
  expect((tables.get("The API server") ?? []).map(([name]) => name)).toEqual(apiFaults.map(({ name }) => name));
});

test("`npm test` leaves out only faults of the API server that are like another one: a peer that dies, one that says nothing", () => {
  expect(apiFaults.filter(({ seldom }) => seldom).map(({ name }) => name)).toEqual([
    "a minute without etcd: it is killed",
    "half a minute in which nothing is answered",
  ]);
});

test.each(["Lines and servers", "The API server"])("gives each of %s a time within two minutes", (table) => {
  for (const row of tables.get(table) ?? []) {
    const seconds = Number(row.at(-1));
    expect(seconds, row[0]).toBeGreaterThan(0);
    expect(seconds, row[0]).toBeLessThan(120);
  }
});

test("holds every fault of the peer's, with both ends", () => {
  const rows = tables.get("Beside the Machine Config Operator");
  expect(rows).toEqual(peerFaults.map(({ name, peer, ours }) => [name, peer, ours]));
});
