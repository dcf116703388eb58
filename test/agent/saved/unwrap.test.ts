// Lines that a terminal, a mail or a ticket broke say what they said before; lines that stand below each other stay apart.
import { describe, expect, test } from "vitest";
import { readSaved } from "../../../agent/saved/saved-status.ts";
import { unwrapped } from "../../../agent/saved/unwrap.ts";

const origin = "a1".repeat(32);
const booted = "b2".repeat(32);
const commit = "c3".repeat(32);
const image = "ostree-unverified-registry:quay.io/openshift-release-dev/ocp-v4.0-art-dev";
const status = `State: busy
Transaction: rebase --experimental ${image}@sha256:${origin}
  Initiator: client(id:machine-config-operator dbus:1.512 unit:crio-0a1b.scope uid:0)
Deployments:
  ${image}@sha256:${origin}
                   Digest: sha256:${origin}
                  Version: 9.6.20261101-0 (2026-11-01T09:15:00Z)
                   Commit: ${commit}
                   Staged: yes

● ${image}@sha256:${origin}
                   Digest: sha256:${booted}
                  Version: 418.94.202509100653-0 (2025-09-10T07:21:07Z)
             BootedCommit: ${commit}
               LiveCommit: ${booted}
                   Pinned: yes
`;
const json = JSON.stringify({
  deployments: [{ booted: true, version: "9.6 20261101-0", "container-image-reference": `${image}@sha256:${origin}` }],
  transaction: null,
});
const lines = (text: string, broken: (line: string) => string[]) => text.split("\n").flatMap(broken).join("\n");

/** As a terminal does it: at the column, wherever that is. */
function atColumn(width: number): (line: string) => string[] {
  return (line) => line.match(new RegExp(`.{1,${width}}`, "gu")) ?? [""];
}

/** As a mail does it: at the last blank that fits. */
function atBlank(width: number): (line: string) => string[] {
  return (line) => {
    const rows: string[] = [];
    for (const word of line.split(" ")) {
      const row = rows.at(-1);
      if (row !== undefined && (row.trim() === "" || row.length + 1 + word.length <= width))
        rows.push(`${rows.pop()} ${word}`);
      else rows.push(word);
    }
    return rows.map((row) => row.trimEnd());
  };
}

const widths = Array.from({ length: 142 }, (_, index) => 60 + index);

describe("a status that was broken is read as the whole", () => {
  const whole = readSaved(status);
  test("the whole has all of it", () => {
    expect(whole).toMatchObject([{ deployments: [{ staged: true }, { booted: true, liveReplaced: booted }] }]);
  });

  test.each(widths)("at column %i", (width) => {
    expect(readSaved(lines(status, atColumn(width)))).toEqual(whole);
  });

  test.each(widths)("at the last blank before column %i", (width) => {
    expect(readSaved(lines(status, atBlank(width)))).toEqual(whole);
  });

  test.each(widths)("in JSON of one line, at column %i", (width) => {
    expect(readSaved(lines(json, atColumn(width)))).toEqual(readSaved(json));
  });
});

describe("stays apart", () => {
  test.each<[string, string[]]>([
    ["a reference without a digest, and a key", [`● ${image}:4.20`, "  Digest: x"]],
    ["two references, where the journal dropped the blank line", [`  ${image}:4.20`, `  ${image}@sha256:${origin}`]],
    ["a digest that is whole, and another", [`  Digest: sha256:${origin}`, `sha256:${booted}`]],
    ["a digest that was cut off, and a prompt", [`  Digest: sha256:${origin.slice(9)}`, "[root@w ~]#"]],
    ["a digest that was cut off, and digits that are too many", [`  Digest: sha256:${origin.slice(9)}`, origin]],
    ["a key without a value, and a key", ["  Digest:", `  Version: ${origin}`]],
    ["a bullet, and a package", ["●", "vim"]],
    ["the lines of a list", ["  LayeredPackages: vim", "                   zsh"]],
    ["a transaction, and a reference that is no part of it", ["Transaction: upgrade", `  ${image}@sha256:${origin}`]],
  ])("%s", (_, two) => {
    expect(unwrapped(two)).toEqual(two);
  });
});
