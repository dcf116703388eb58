// The command `parse`: a saved `rpm-ostree status` of any number of nodes, printed as one line of JSON per node.
import { failureOf } from "../common/failure.ts";
import { readInput } from "./saved/read-input.ts";
import { readSaved } from "./saved/saved-status.ts";

const usage = `Usage: npm run -s agent -- parse [FILE|-]

Reads what somebody saved of 'rpm-ostree status' (text of every version since 2018, or --json) or of
'bootc status --format=json', on one node or several, with whatever stands around it: lines of oc debug,
prefixes of logs, colours, quotation marks. Without FILE, or with -, it reads the standard input.

Prints one line of compact JSON per node:
  {"node","state","transaction","deployments":[...],"warnings":[...]}  or  {"node","error":{"reason","message"}}
Several nodes are told apart by '# node/NAME', 'Starting pod/NAME-debug ...', 'NAME:' or a second 'State:'.

  oc debug node/worker-0 -- chroot /host rpm-ostree status 2>&1 | npm run -s agent -- parse

Exit code: 0; 1 when a node is an error; 2 when FILE cannot be read or the command line is wrong.
`;

/** When the FILE cannot be read, or the command line is wrong. */
const unusable = 2;

type Streams = Pick<NodeJS.Process, "stdin" | "stdout" | "stderr">;

/** Resolves to the exit code once all is written. */
export async function parse(args: string[], { stdin, stdout, stderr }: Streams): Promise<number> {
  const files = args.filter((arg) => arg === "-" || !arg.startsWith("-"));
  const [file = "-"] = files;
  if (args.some((arg) => arg === "--help" || arg === "-h")) {
    await write(stdout, usage);
    return 0;
  }
  if (files.length < args.length || files.length > 1) {
    await write(stderr, `parse takes one FILE and no options but --help.\n\n${usage}`);
    return unusable;
  }
  try {
    const nodes = readSaved(await readInput(file === "-" ? stdin : file));
    await write(stdout, nodes.map((node) => `${JSON.stringify(node)}\n`).join(""));
    return nodes.some((node) => "error" in node) ? 1 : 0;
  } catch (error) {
    await write(stderr, `${failureOf(error).message}\n`);
    return unusable;
  }
}

/** Resolves when all is with the system. A reader that has read enough, such as head, is no failure. */
async function write(stream: NodeJS.WritableStream, text: string): Promise<void> {
  await new Promise((written) => {
    stream.once("error", written);
    stream.write(text, written);
  });
}
