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
