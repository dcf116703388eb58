// docs/security.md: a row for each threat of the attack table, no other, and no test that is not there.
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import type { Threat } from "./flow/attacks/attack.ts";
import { attacks } from "./flow/attacks/table.ts";
import { attacksByUninstallation } from "./flow/attacks/uninstall-job.ts";
import { tablesOf } from "./markdown-tables.ts";

const tables = tablesOf("docs/security.md");

function rowsOf(files: Record<string, Threat[]>, row: (threat: Threat) => string[] | null): string[][] {
  return Object.entries(files).flatMap(([file, threats]) =>
    threats.flatMap((threat) => {
      const cells = row(threat);
      return cells === null ? [] : [[...cells, `${threat.rows.length}`, file]];
    }),
  );
}

test.each(Object.keys(attacks))("%s: what is stopped, and by whom", (thief) => {
  const expected = rowsOf(attacks[thief] ?? {}, ({ threat, answer, stoppedBy, behind }) => {
    const guards = behind === undefined ? stoppedBy : `${stoppedBy}, and bootwarden's policy behind it`;
    return answer === undefined ? null : [threat, guards];
  });
  expect(tables.get(thief)).toEqual(expected);
});

test.each(Object.keys(attacks))("%s: what nothing stops, and why", (thief) => {
  const expected = rowsOf(attacks[thief] ?? {}, ({ threat, answer, because = "" }) => {
    return answer === undefined ? [threat, because] : null;
  });
  expect(tables.get(`${thief}: what nothing stops`)).toEqual(expected);
  expect(expected.filter(([, because]) => because === "")).toEqual([]);
});

test("The uninstallation Job's credential: what is stopped, and by whom", () => {
  const expected = attacksByUninstallation.map(([threat]) => [threat, "bootwarden's policy", "1", "uninstall-job.ts"]);
  expect(tables.get("The uninstallation Job's credential")).toEqual(expected);
});

test("no threat is there twice under one credential", () => {
  for (const files of Object.values(attacks)) {
    const threats = Object.values(files).flatMap((all) => all.map(({ threat }) => threat));
    expect(new Set(threats).size).toBe(threats.length);
  }
});

test("what is held beside the credentials is shown by tests that there are", () => {
  const files = (tables.get("Beside the credentials") ?? []).map((cells) => cells[2] ?? "");
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((file) => !existsSync(new URL(`../${file}`, import.meta.url)))).toEqual([]);
});
