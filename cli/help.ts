// The help: of the program, and of each command, from the same table that runs them.
import type { Command } from "./command.ts";
import type { Syntax } from "./command-line.ts";
import { commands } from "./command-table.ts";
import { hint } from "./did-you-mean.ts";
import { exitCodeMeanings, exitCodes } from "./exit-codes.ts";
import { commonFlags, type FlagName, flagOf } from "./flags.ts";
import { type Block, type Field, gap, text } from "./text/screen.ts";
import { strong } from "./text/span.ts";
import { UsageError } from "./usage-error.ts";

export const program = "kubectl bootwarden";

/** What is asked for the help and the version; they do nothing else. */
export const helpSyntaxes: readonly Syntax[] = [
  { name: "help", arguments: ["[COMMAND]"], flags: [] },
  { name: "version", arguments: [], flags: [] },
];

/** The page on the command of that name, or on all. Throws UsageError where there is none of the name. */
export function helpOn(name: string | undefined): Block[] {
  if (name === undefined) return overview();
  const command = commands.find((one) => one.name === name);
  if (command !== undefined) return commandPage(command);
  const names = commands.map((one) => one.name);
  throw new UsageError(`There is no command ${name}.${hint(name, names)}`);
}

function overview(): Block[] {
  const of = (kind: Command["kind"]): Block => ({
    kind: "fields",
    fields: commands
      .filter((one) => one.kind === kind)
      .map(({ name, summary }) => ({ label: `  ${name}`, words: summary })),
  });
  return [
    text(`${program}: what new vSphere machines of this cluster boot from, and proof that they did.`),
    gap,
    text(`Usage: ${program} COMMAND [NAME] [FLAGS]`),
    gap,
    text(strong("Look")),
    of("Look"),
    gap,
    text(strong("Act")),
    of("Act"),
    gap,
    text(strong("Flags of every command")),
    flagFields(commonFlags),
    gap,
    text(strong("Examples")),
    { kind: "fields", fields: commands.flatMap(({ examples }) => examples.slice(0, 1)).map(exampleField) },
    gap,
    text(strong("Exit codes")),
    { kind: "fields", fields: codeFields() },
    gap,
    text(`More: ${program} COMMAND --help`),
  ];
}

function commandPage({ name, summary, about, arguments: given, flags, examples }: Command): Block[] {
  const words = [program, name, ...given, ...(flags.length > 0 ? ["[FLAGS]"] : [])];
  return [
    text(summary),
    gap,
    text(`Usage: ${words.join(" ")}`),
    gap,
    ...about.flatMap((paragraph) => [text(paragraph), gap]),
    ...(flags.length === 0 ? [] : [text(strong("Flags")), flagFields(flags), gap]),
    text(strong("Flags of every command")),
    flagFields(commonFlags),
    gap,
    text(strong("Examples")),
    { kind: "fields", fields: examples.map(exampleField) },
  ];
}

function flagFields(names: readonly FlagName[]): Block {
  return {
    kind: "fields",
    fields: names.map((name) => {
      const { short, value, help } = flagOf(name);
      const long = `--${name}${value === undefined ? "" : `=${value}`}`;
      return { label: `  ${short === undefined ? "    " : `-${short}, `}${long}`, words: help };
    }),
  };
}

function exampleField({ line, does }: { line: string; does: string }): Field {
  return { label: `  ${line}`, words: does };
}

function codeFields(): Field[] {
  return (Object.keys(exitCodes) as (keyof typeof exitCodes)[]).map((name) => ({
    label: `  ${exitCodes[name]}`,
    words: exitCodeMeanings[name],
  }));
}
