// The settings: what the environment and the terminal say, read once.
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { type Environment, readEnvironment } from "../common/environment.ts";
import { z } from "../common/schema.ts";
import type { Look } from "./text/screen.ts";

const given = z.optional(z.string().check(z.minLength(1)));

const Variables = z.object({
  KUBECONFIG: given,
  NO_COLOR: given,
  TERM: given,
  KUBERNETES_SERVICE_HOST: given,
});

export interface Settings {
  /** Paths; the first that says something goes before the others. */
  kubeconfigs: string[];
  /** Whether it runs in a pod, whose ServiceAccount serves where there is no kubeconfig. */
  inPod: boolean;
  look: Look;
}

/** The terminal that is written to, and what the command line says of it. */
export interface Terminal {
  isTTY?: boolean | undefined;
  columns?: number | undefined;
}

export interface Wishes {
  kubeconfig?: string | undefined;
  color?: string | undefined;
  "no-color"?: string | undefined;
}

/** Throws SettingsError (SettingsInvalid). */
export function readSettings(terminal: Terminal, wishes: Wishes, environment: Environment = process.env): Settings {
  const values = readEnvironment(Variables, environment);
  const isTerminal = terminal.isTTY === true;
  const mayColour = isTerminal && values.NO_COLOR === undefined && values.TERM !== "dumb";
  return {
    kubeconfigs: wishes.kubeconfig === undefined ? kubeconfigs(values.KUBECONFIG) : [wishes.kubeconfig],
    inPod: values.KUBERNETES_SERVICE_HOST !== undefined,
    look: {
      width: isTerminal ? (terminal.columns ?? 80) : null,
      colour: wishes["no-color"] === undefined && (wishes.color !== undefined || mayColour),
    },
  };
}

/** As for kubectl. */
function kubeconfigs(list: string | undefined): string[] {
  const files = (list ?? "").split(delimiter).filter((file) => file !== "");
  return files.length > 0 ? files : [join(homedir(), ".kube", "config")];
}
