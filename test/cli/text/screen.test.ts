// The screen: tables, fields and items in whatever width, with colours and without.
import { describe, expect, test } from "vitest";
import { type Block, command, gap, item, screen, text } from "../../../cli/text/screen.ts";
import { bad, good, strong } from "../../../cli/text/span.ts";
import { widthOf } from "../../../cli/text/width.ts";

const plain = { width: null, colour: false };
const table: Block = {
  kind: "table",
  columns: [
    { head: "NAME", least: 6, cut: "middle" },
    { head: "STATE" },
    { head: "WHY", least: 5 },
    { head: "AGE", align: "right" },
  ],
  rows: [
    { cells: ["lab-7x2kq-worker-a", good("UpToDate"), "OnTarget", "3d"] },
    {
      cells: ["b", bad("Failed"), "", "120d"],
      below: "TemplateMissing: it is not there, and so the next Machine will fail",
    },
  ],
};

describe("a table", () => {
  test("into a file is as wide as it comes", () => {
    expect(screen([table], plain)).toBe(
      [
        "NAME                STATE     WHY        AGE",
        "lab-7x2kq-worker-a  UpToDate  OnTarget    3d",
        "b                   Failed    -         120d",
        "  TemplateMissing: it is not there, and so the next Machine will fail",
        "",
      ].join("\n"),
    );
  });

  test("on a narrow terminal cuts what may be cut, the widest first", () => {
    expect(screen([table], { width: 34, colour: false })).toBe(
      [
        "NAME      STATE     WHY        AGE",
        "lab-…r-a  UpToDate  OnTarget    3d",
        "b         Failed    -         120d",
        "  TemplateMissing: it is not",
        "  there, and so the next Machine",
        "  will fail",
        "",
      ].join("\n"),
    );
  });

  test("on one that is too narrow for it puts the rows below each other", () => {
    expect(screen([table], { width: 22, colour: false })).toBe(
      [
        "lab-7x2kq-worker-a",
        "  STATE  UpToDate",
        "  WHY    OnTarget",
        "  AGE    3d",
        "b",
        "  STATE  Failed",
        "  WHY    -",
        "  AGE    120d",
        "  TemplateMissing: it",
        "  is not there, and so",
        "  the next Machine",
        "  will fail",
        "",
      ].join("\n"),
    );
  });

  test("without rows is nothing", () => {
    expect(screen([{ ...table, rows: [] }], plain)).toBe("");
  });

  test.each([20, 21, 30, 33, 34, 50, 79, 200])("is never wider than the terminal (%i)", (width) => {
    for (const line of screen([table], { width, colour: false }).split("\n"))
      expect(widthOf(line)).toBeLessThanOrEqual(width);
  });

  test("of hostile cells stays one row each", () => {
    const rows = [{ cells: ["a\nb\u001b[31m", "c\td", "e\u202e", "節点"] }];
    expect(screen([{ ...table, rows }], plain).split("\n")).toHaveLength(3);
  });
});

describe("other blocks", () => {
  test("fields hang below what they say", () => {
    const fields = [
      { label: "Mode", words: [strong("Manage"), ": templates are imported"] },
      { label: "Cluster", words: "4.20" },
    ];
    expect(screen([{ kind: "fields", fields }], { width: 24, colour: false })).toBe(
      "Mode     Manage:\n         templates are\n         imported\nCluster  4.20\n",
    );
  });

  test("items hang below their mark", () => {
    expect(screen([item("  1. ", "mend what is broken here")], { width: 20, colour: false })).toBe(
      "  1. mend what is\n     broken here\n",
    );
  });

  test("commands are neither wrapped nor cut", () => {
    const line = `kubectl patch machineconfiguration cluster --type=merge -p '{"spec":{}}'`;
    expect(screen([command(line)], { width: 20, colour: false })).toBe(`     ${line}\n`);
  });

  test("gaps come one at a time, and none at the beginning", () => {
    expect(screen([gap, text("a"), gap, gap, text("b")], plain)).toBe("a\n\nb\n");
  });
});

test("colours are for terminals: one code for each run, and none where nothing is coloured", () => {
  const blocks = [text(["is ", bad("badly broken"), "."])];
  expect(screen(blocks, { width: 80, colour: true })).toBe("is \u001b[31mbadly broken\u001b[0m.\n");
  expect(screen(blocks, { width: 80, colour: false })).toBe("is badly broken.\n");
});

test("text of the cluster brings no colours of its own", () => {
  expect(screen([text("\u001b[31mred\u001b[0m")], { width: null, colour: true })).toBe("[31mred [0m\n");
});
