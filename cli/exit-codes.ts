// The exit codes: what a script learns of a command without reading what it printed.

export const exitCodes = {
  done: 0,
  failed: 1,
  attention: 2,
  usage: 64,
  noPermission: 77,
  badConfiguration: 78,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** For people. */
export const exitCodeMeanings: Record<keyof typeof exitCodes, string> = {
  done: "Done; `status` and `plan`: nothing to do; `explain`: the chain holds.",
  failed: "It could not be done: the message says why, and what to do.",
  attention: "`status`: something is to be done; `plan`: there are steps; `explain`: the chain is broken somewhere.",
  usage: "The command line is wrong: the message says where.",
  noPermission: "You lack a right; what could be shown was shown, and which right to ask for is said.",
  badConfiguration: "There is no usable kubeconfig.",
  interrupted: "Ctrl-C.",
};
