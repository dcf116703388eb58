// The flags: every option of the command line, spelled once; commands say which of them they take.

export interface Flag {
  short?: string;
  /** What stands for its value in the help; left out: it takes none. */
  value?: string;
  help: string;
}

export const flags = {
  all: { help: "Every MachineSet that the halted rollout had moved." },
  "dry-run": {
    value: "server",
    help: "Let the API server check the change without keeping it (`server`), or keep it (`none`, the default).",
  },
  output: { short: "o", value: "FORMAT", help: "`wide`, `json` (every field, documented) or `csv`." },
  preflight: { help: "Print the check-list for the first run on a real vCenter in place of the plan." },
  selector: { short: "l", value: "SELECTOR", help: "Only Nodes with these labels, as for kubectl get." },
  verdict: {
    value: "LIST",
    help: "Only Nodes with these verdicts, with commas between them: Verified, Updating, Mismatch, Unknown, None.",
  },
  watch: { short: "w", help: "Stay, and print again when something changes; Ctrl-C ends it." },
  yes: { short: "y", help: "Do not ask." },
  color: { help: "Colours even where the output is no terminal." },
  context: { value: "NAME", help: "The context of the kubeconfig; left out, the current one." },
  help: { short: "h", help: "Print the help." },
  kubeconfig: { value: "FILE", help: "The kubeconfig; left out, $KUBECONFIG, then ~/.kube/config." },
  "no-color": { help: "No colours (NO_COLOR in the environment does the same)." },
} as const satisfies Record<string, Flag>;

export type FlagName = keyof typeof flags;

/** What every command takes. */
export const commonFlags: readonly FlagName[] = ["color", "context", "help", "kubeconfig", "no-color"];

export function flagOf(name: FlagName): Flag {
  return flags[name];
}

export function isFlag(name: string): name is FlagName {
  return Object.hasOwn(flags, name);
}
