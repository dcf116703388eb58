// The command line: which command, with which arguments and flags.
import { parseArgs } from "node:util";
import { closest, hint } from "./did-you-mean.ts";
import { commonFlags, type FlagName, flagOf, flags, isFlag } from "./flags.ts";
import { UsageError } from "./usage-error.ts";

/** What a command takes of the command line. */
export interface Syntax {
  name: string;
  /** How its arguments are called in the help, e.g. `MACHINESET`; `[MACHINESET]` may be left out. */
  arguments: readonly string[];
  flags: readonly FlagName[];
}

export interface CommandLine {
  /** null: none was named. */
  command: string | null;
  arguments: string[];
  /** "" for a flag without a value. */
  flags: Partial<Record<FlagName, string>>;
}

const options = Object.fromEntries(
  (Object.keys(flags) as FlagName[]).map((name) => {
    const { value, short } = flagOf(name);
    return [name, { type: value === undefined ? "boolean" : "string", ...(short === undefined ? {} : { short }) }];
  }),
) as Record<string, { type: "boolean" | "string"; short?: string }>;

/** Throws UsageError for what no command takes, or not this one. */
export function readCommandLine(args: readonly string[], syntaxes: readonly Syntax[]): CommandLine {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  const [named, ...rest] = tokens.flatMap((token) => (token.kind === "positional" ? [token.value] : []));
  const names = syntaxes.map(({ name }) => name);
  const syntax = syntaxes.find(({ name }) => name === named);
  if (named !== undefined && syntax === undefined)
    throw new UsageError(`There is no command ${named}.${hint(named, names)}`);
  const read: CommandLine = { command: named ?? null, arguments: rest, flags: {} };
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const name = known(token, syntax);
    read.flags[name] = givenValue(name, token, syntax);
  }
  if (syntax !== undefined && read.flags.help === undefined) count(rest, syntax);
  return read;
}

interface OptionToken {
  name: string;
  rawName: string;
  value?: string | undefined;
}

function known({ name, rawName }: OptionToken, syntax: Syntax | undefined): FlagName {
  const takes: readonly FlagName[] = [...(syntax?.flags ?? []), ...commonFlags];
  if (isFlag(name) && takes.includes(name)) return name;
  const command = syntax?.name ?? null;
  if (isFlag(name) && command !== null) throw new UsageError(`The command ${command} has no flag ${rawName}.`, command);
  if (isFlag(name)) throw new UsageError(`${rawName} is a flag of a command, and none is named.`);
  const meant = closest(name, takes);
  throw new UsageError(
    `There is no flag ${rawName}.${meant === undefined ? "" : ` Did you mean --${meant}?`}`,
    command,
  );
}

function givenValue(name: FlagName, { rawName, value }: OptionToken, syntax: Syntax | undefined): string {
  const wanted = flagOf(name).value;
  const command = syntax?.name ?? null;
  if (wanted === undefined) {
    if (value === undefined) return "";
    throw new UsageError(`The flag ${rawName} takes no value.`, command);
  }
  // `-o=json`, as kubectl takes it.
  const given = rawName.startsWith("--") ? value : value?.replace(/^=/, "");
  if (given !== undefined && given !== "") return given;
  throw new UsageError(
    `The flag ${rawName} needs a value: ${rawName}${rawName.startsWith("--") ? "=" : " "}${wanted}.`,
    command,
  );
}

function count(given: readonly string[], { name, arguments: wanted }: Syntax): void {
  const required = wanted.filter((one) => !one.startsWith("["));
  const missing = required[given.length];
  if (missing !== undefined) throw new UsageError(`The command ${name} needs a ${missing}.`, name);
  const extra = given[wanted.length];
  if (extra === undefined) return;
  const most =
    wanted.length === 0 ? "no arguments" : wanted.length === 1 ? "one argument" : `${wanted.length} arguments`;
  throw new UsageError(`The command ${name} takes ${most}: ${extra} is too much.`, name);
}
