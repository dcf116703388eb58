// What becomes of a line of a status on its way into a ticket, and of the bullet before the booted deployment.
import { describe, expect, test } from "vitest";
import { readSaved } from "../../../agent/saved/saved-status.ts";

const digest = `sha256:${"a1".repeat(32)}`;
const image = `ostree-unverified-registry:quay.io/openshift-release-dev/ocp-v4.0-art-dev@${digest}`;
const rollback = `  ${image.replaceAll("a1", "b2")}\n                   Digest: ${digest.replaceAll("a1", "b2")}\n                  Version: 1 (2026-10-01T09:15:00Z)\n`;
const status = (bullet: string) =>
  `State: idle\nDeployments:\n${bullet}${image}\n                   Digest: ${digest}\n                  Version: 2 (2026-10-28T09:15:00Z)\n\n${rollback}`;
const whole = readSaved(status("● "));

test("the whole has a booted deployment", () => {
  expect(whole).toMatchObject([{ deployments: [{ booted: true, image, digest }, { booted: false }], warnings: [] }]);
});

describe("the bullet", () => {
  test.each<[string, string]>([
    ["of ASCII", "* "],
    ["of another font", "• "],
    ["of Windows' character set, read as UTF-8", "\ufffd "],
    ["of UTF-8, read as Windows' character set", "â—\u008f "],
    ["that became a question mark", "? "],
    ["that became a list's", "- "],
    ["by its name in HTML", "&bull; "],
    ["by its number in HTML", "&#9679; "],
    ["by its number in HTML, hexadecimal", "&#x25CF; "],
    ["in the source of a program", "\\u25cf "],
    ["as bytes", "\\xe2\\x97\\x8f "],
    ["as bytes of the journal", "\\342\\227\\217 "],
    ["as bytes of less", "<E2><97><8F> "],
    ["by its number in less", "<U+25CF> "],
    ["that stands alone in its line", "●\n"],
    ["without the blank behind it", "●"],
    ["of ASCII without the blank behind it", "*"],
    ["with a blank that does not break", "●\u00a0"],
    ["with a tab behind it", "●\t"],
    ["with blanks before it", "    ● "],
  ])("%s marks the booted deployment", (_, bullet) => {
    expect(readSaved(status(bullet))).toEqual(whole);
  });
});

describe("a status", () => {
  const clocked = (clock: string) => status("● ").trimEnd().replace(/^/gm, clock);
  test.each<[string, string]>([
    ["on a web page", `<pre><code class="x">${status("&#9679; ")}</code></pre>`],
    ["with a clock before each line", clocked("[2026-11-16 12:00:00] ")],
    ["with a clock before each line that has something", clocked("[2026-11-16 12:00:00] ").replace(/ +$/gm, "")],
    ["with a clock without brackets", clocked("2026-11-16 12:00:00.123 ")],
    ["with the clock of ts", clocked("Nov 16 12:00:00 ")],
    ["with the clock of a build server", clocked("[2026-11-16T12:00:00.123Z] ")],
    ["in the journal without a process", clocked("Nov 16 12:00:00 w-0.example.com rpm-ostree: ")],
    ["as an item of a list", `- ${status("● ")}`.replace("- State", "* State")],
    ["without blanks behind the colons", status("● ").replace(/: (?=sha256)/g, ":")],
  ])("%s is read", (_, text) => {
    expect(readSaved(text)).toMatchObject([
      { deployments: whole[0] && "deployments" in whole[0] && whole[0].deployments },
    ]);
  });
});

test("a placeholder is printed as it stands, and no digest", () => {
  expect(readSaved(status("● ").replaceAll(digest, "sha256:<digest>"))).toMatchObject([
    { deployments: [{ booted: true, image: image.replace(digest, "sha256:<digest>"), digest: null }, {}] },
  ]);
});
