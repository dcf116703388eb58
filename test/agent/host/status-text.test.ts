// The lines of the text status that are easily taken for another.
import { describe, expect, test } from "vitest";
import { parseStatusText } from "../../../agent/host/status-text.ts";

const hex = "a".repeat(64);
const image = `ostree-unverified-registry:quay.io/x@sha256:${hex}`;
const digest = `                   Digest: sha256:${hex}`;
const version = "                  Version: 1 (2026-10-28T09:15:00Z)";
const booted = ["State: idle", "Deployments:", `● ${image}`, digest, version];
const parse = (lines: string[], whole = true) => parseStatusText(lines, whole);
const images = (lines: string[], whole = true) => parse(lines, whole).deployments.map((one) => one.image);

describe("a head", () => {
  test.each<[string, string[], (string | null)[]]>([
    ["that the journal follows without a blank line", [`  ${image}`, digest], [image, image]],
    ["with remarks", ["", `  ${image} (index: 1) (rollback)  <-- the old one`, version], [image, image]],
    ["with words behind it", ["", `  ${image} was here`, version], [image, image]],
    ["with a line of noise below it", ["", `  ${image}`, "warning: x", version], [image, image]],
    ["at the end of a text that is cut off", ["", `  ${image}`], [image, image]],
    ["of a local branch", ["", "  vmcheck", version], [image, "vmcheck"]],
    ["whose image cannot be read", ["", "  (error fetching image metadata)", version], [image, null]],
  ])("%s", (_, lines, wanted) => {
    expect(images([...booted, ...lines])).toEqual(wanted);
  });

  test.each<[string, string[]]>([
    [
      "a list of modules that is wrapped",
      [
        "           LayeredModules: cri-o:1.20/common",
        "                           nodejs:14/default",
        "                   Pinned: yes",
      ],
    ],
    ["the same with all indentation lost", ["LayeredModules: cri-o:1.20/common", "nodejs:14/default"]],
    [
      "a list of packages with blank lines between",
      ["          LayeredPackages: vim", "", "                           usbguard", ""],
    ],
    ["a wanted image that somebody lists", ["", `* quay.io/x@sha256:${hex}`, `- quay.io/x@sha256:${hex}`]],
    [
      "an image that somebody names",
      ["", `expected: quay.io/x@sha256:${hex}`, "see", `  quay.io/x@sha256:${hex}`, "for it", "please"],
    ],
    [
      "the status of a unit",
      ["", "● rpm-ostreed.service - rpm-ostree System Management Daemon", "     Loaded: loaded"],
    ],
    ["a link", ["", "  https://example.com/a:b/c", "Version: 1 (2)"]],
    ["prose", ["", "Note this", "Version: 1 (2)"]],
    ["a prompt", ["", "root@host:~#", "Version: 1 (2)"]],
    ["a title", ["  └─ Dev overlay", "  `- vmcheck"]],
  ])("is not %s", (_, lines) => {
    expect(images([...booted, ...lines, "", `  ${image}2`, digest])).toEqual([image, `${image}2`]);
  });

  test("is not the rest of a list above a head that is as plain", () => {
    const list = ["          LayeredPackages: vim", "", "                           usbguard", ""];
    expect(images([...booted, ...list, "  vmcheck", version])).toEqual([image, "vmcheck"]);
    const trimmed = ["LayeredPackages: vim", "usbguard", "vmcheck", "Version: 1 (2)"];
    expect(images([...booted, ...trimmed])).toEqual([image, "vmcheck"]);
  });

  test.each(["●", "*", "•", "\uFFFD", "â\u0097\u008f", "ΓùÅ", "?", "-"])(
    "has a bullet when it is booted: %s",
    (bullet) => {
      const lines = booted.map((line) => line.replace("●", bullet));
      expect(parse(lines).deployments[0]).toMatchObject({ booted: true, image });
    },
  );

  test("with a bullet that is none needs a key below it", () => {
    expect(images(["Deployments:", `- quay.io/y@sha256:${hex}`, "x", ...booted.slice(2)])).toEqual([image]);
  });

  test("with a bullet needs no key below it, if it is the first", () => {
    expect(parse([`● ${image}`]).deployments).toMatchObject([{ booted: true, image, digest: `sha256:${hex}` }]);
  });
});

describe("a key", () => {
  const only = (lines: string[], whole = true) => parse([...booted.slice(0, 3), ...lines], whole).deployments[0];

  test.each<[string, string[], object]>([
    ["counts once", [version, "Version: 2 (3)"], { version: "1" }],
    ["of another program does not count", [digest, "rpm-ostree:", " Version: '2024.3'"], { version: null }],
    ["behind a prompt does not count", [digest, "sh-4.4# oc version", "Version: 4.20"], { version: null }],
    [
      "with remarks",
      [`${digest}   <-- this`, "  Pinned: yes # by me", "  Unlocked: hotfix (!)"],
      { digest: `sha256:${hex}`, pinned: true, unlocked: "hotfix" },
    ],
    ["version without its time", ["  Version: 9.6 beta"], { version: "9.6 beta" }],
    ["version with parentheses", ["  Version: 28 (Atomic) (2018-04-25 19:14:57)"], { version: "28 (Atomic)" }],
    ["version with a time that rpm-ostree cannot tell", ["  Version: 28 ((invalid timestamp))"], { version: "28" }],
    ["digest that somebody shortened", ["  Digest: sha256:abc…"], { digest: null, digestSource: null }],
    ["digest in whose place an error stands", ["  Digest: (error)"], { digestSource: "reference" }],
    ["without a Digest line the reference's counts", [version], { digest: `sha256:${hex}`, digestSource: "reference" }],
    ["mark of the head", [], { pinned: false }],
  ])("%s", (_, lines, wanted) => {
    expect(only(lines)).toMatchObject(wanted);
  });

  test("a mark behind the head says that it is pinned", () => {
    expect(parse(["Deployments:", `● ${image} (pinned: yes)`, version]).deployments[0]?.pinned).toBe(true);
  });

  test.each<[string, string, object]>([
    ["a version", "  Version: 9.6.2026", { version: null }],
    ["a digest", `  Digest: sha256:${hex.slice(1)}`, { digest: null }],
    ["a commit", `  Commit: ${hex.slice(1)}`, { checksum: null }],
    ["Unlocked", "  Unlocked: hot", { unlocked: "none" }],
    ["a whole version", version, { version: "1" }],
  ])("at the end of a text that is cut off there: %s", (_, line, wanted) => {
    expect(only([line], false)).toMatchObject(wanted);
  });
});

test("nothing of the available update belongs to a deployment", () => {
  const update = ["", "AvailableUpdate:", "  Version: 2 (2026-11-01T00:00:00Z)", `   Commit: ${hex}`];
  expect(parse([...booted, ...update]).deployments).toEqual(parse(booted).deployments);
});

describe("the header", () => {
  test.each<[string, string[], object]>([
    ["idle", ["State: idle"], { state: "idle", transaction: null }],
    ["idle, in the words of 2018", ["State: idle; auto updates disabled"], { state: "idle", transaction: null }],
    ["none", [], { state: null, transaction: null }],
    ["busy with something that has just ended", ["State: busy"], { state: "busy", transaction: null }],
    [
      "busy",
      ["State: busy", "Transaction: upgrade (download only)", "  Initiator: client(id:cli uid:0)"],
      { state: "busy", transaction: { title: "upgrade (download only)", client: "client(id:cli uid:0)" } },
    ],
    [
      "busy by nobody",
      ["State: busy", "Transaction: upgrade", "  Initiator: "],
      { transaction: { title: "upgrade", client: null } },
    ],
    [
      "busy, before v2018.2",
      ["State: transaction: Deploy :1.36 /org/x"],
      { state: "busy", transaction: { title: "Deploy :1.36 /org/x", client: null } },
    ],
    [
      "a lost update without a cause",
      ["State: idle", "Warning: failed to finalize previous deployment", "         check `journalctl -b -1 -u x`"],
      { warnings: ["failed to finalize previous deployment"] },
    ],
  ])("%s", (_, lines, wanted) => {
    expect(parse([...lines, ...booted.slice(1)])).toMatchObject(wanted);
  });
});
