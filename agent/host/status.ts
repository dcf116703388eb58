// The status: what a host says of its deployments, whichever program and format it was read from.
import { Failure } from "../../common/failure.ts";
import type { Deployment, Modifications } from "../../common/report.ts";

/** One host's answer. `deployments` are in boot order: the first is booted next. */
export interface Status {
  deployments: Deployment[];
  /** Of the booted deployment. */
  modifications: Modifications;
  state: "idle" | "busy" | null;
  transaction: { title: string; client: string | null } | null;
  warnings: string[];
}

export const noModifications: Modifications = { layered: 0, local: 0, removed: 0, replaced: 0, initramfs: false };

/** The host could not be inspected. */
export class HostError extends Failure {}

/** What is looked at: the host's root as the agent sees it, and how long a program there may take, in milliseconds. */
export interface Host {
  root: string;
  timeout: number;
  signal: AbortSignal;
}

/** A way to get the status of a host. Throws HostError. */
export interface Collector {
  name: "rpm-ostree" | "bootc";
  collect: (host: Host) => Promise<Status>;
}

/** The one that is booted; null when none is. Throws HostError (UnreadableOutput) when several claim to be. */
export function bootedOf(deployments: Deployment[]): Deployment | null {
  const [booted, another] = deployments.filter((deployment) => deployment.booted);
  if (another !== undefined) {
    throw new HostError("UnreadableOutput", "The status names two booted deployments, so none of them counts.");
  }
  return booted ?? null;
}
