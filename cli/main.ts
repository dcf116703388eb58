// kubectl bootwarden: what an admin asks bootwarden, and the few things that an admin tells it.
import { ApiCredentialsError } from "../common/kube/kubeconfig.ts";
import { type CommandLine, readCommandLine } from "./command-line.ts";
import { commands } from "./command-table.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { failureBlocks } from "./failure-view.ts";
import { helpOn, helpSyntaxes } from "./help.ts";
import type { Api } from "./kube/api.ts";
import type { Where } from "./kube/kubeconfig.ts";
import { RightMissing } from "./kube/right-missing.ts";
import { createOutput, type Output } from "./output.ts";
import { ask } from "./question.ts";
import type { Session } from "./session.ts";
import { readSettings } from "./settings.ts";
import { screen } from "./text/screen.ts";
import { UsageError } from "./usage-error.ts";
import { version } from "./version.ts";

/** Also into a file: prose in endless lines is no help. */
const helpWidth = 100;

interface Ends {
  out: Output;
  err: Output;
  signal: AbortSignal;
}

async function run(given: CommandLine, ends: Ends): Promise<ExitCode> {
  const session = createSession(given, ends);
  const { command: named, flags } = given;
  if (named === "version") {
    await session.write(`kubectl-bootwarden ${version}\n`);
    return exitCodes.done;
  }
  const command = commands.find(({ name }) => name === named);
  if (command !== undefined && flags.help === undefined) return await command.run(given, session);
  const page = helpOn(named === "help" ? given.arguments[0] : command?.name);
  await session.write(screen(page, { ...session.look, width: Math.min(session.look.width ?? helpWidth, helpWidth) }));
  return exitCodes.done;
}

function createSession({ flags }: CommandLine, { out, err, signal }: Ends): Session {
  const { stdin, stdout, stderr } = process;
  const { look, kubeconfigs, inPod } = readSettings(stdout, flags);
  let connected: Promise<Api> | undefined;
  return {
    api: () => {
      connected ??= enter({ kubeconfigs, context: flags.context, inPod }, signal);
      return connected;
    },
    look,
    print: (blocks) => out.write(screen(blocks, look)),
    write: out.write,
    tell: (blocks) => err.write(screen(blocks, readSettings(stderr, flags).look)),
    isInteractive: stdin.isTTY === true && stderr.isTTY === true,
    ask: (question) => ask(question, { input: stdin, output: stderr }, signal),
    now: () => Date.now(),
    rows: () => (stdout.isTTY ? stdout.rows : null),
    signal,
    unread: out.unread,
  };
}

/** The client takes half a second to load, for which the help need not wait. */
async function enter(where: Where, signal: AbortSignal): Promise<Api> {
  const [{ logIn }, { connect }] = await Promise.all([import("./kube/kubeconfig.ts"), import("./kube/api.ts")]);
  return connect(await logIn(where), signal);
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError) return exitCodes.usage;
  if (error instanceof ApiCredentialsError) return exitCodes.badConfiguration;
  return error instanceof RightMissing ? exitCodes.noPermission : exitCodes.failed;
}

async function main(): Promise<void> {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => stop.abort());
  const ends = { out: createOutput(process.stdout), err: createOutput(process.stderr), signal: stop.signal };
  let flags: CommandLine["flags"] = {};
  let code: ExitCode;
  try {
    const given = readCommandLine(process.argv.slice(2), [...commands, ...helpSyntaxes]);
    flags = given.flags;
    code = await run(given, ends);
  } catch (error) {
    code = exitCodeOf(error);
    if (!stop.signal.aborted)
      await ends.err.write(screen(failureBlocks(error), readSettings(process.stderr, flags).look));
  }
  // Idle connections are not waited for.
  process.exit(stop.signal.aborted ? exitCodes.interrupted : code);
}

await main();
