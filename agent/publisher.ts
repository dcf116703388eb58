// The publisher: brings the newest report onto the own Node, however long that takes, and writes only what differs.

import { backoff } from "../common/backoff.ts";
import { Bell } from "../common/bell.ts";
import { pause } from "../common/deadline.ts";
import { failureOf } from "../common/failure.ts";
import type { Log } from "../common/log.ts";
import { type Annotations, changes } from "./annotations.ts";
import type { OwnNode } from "./own-node.ts";

const retry = { first: 1_000, most: 60_000 };

export class Publisher {
  readonly #node: OwnNode;
  readonly #log: Log;
  readonly #offered = new Bell();
  #wanted: Annotations = {};
  /** The Node's annotations as last seen; null when they have to be read. */
  #known: Record<string, string> | null = null;
  #reread = false;
  #published = false;
  /** What was last said to be in the way; it is not said again every minute. */
  #inTheWay: string | null = null;

  constructor(parts: { node: OwnNode; log: Log }) {
    this.#node = parts.node;
    this.#log = parts.log;
  }

  /** Whether the newest report stands on the Node, as far as is known. */
  get published(): boolean {
    return this.#published;
  }

  /** Takes the place of any earlier report. With `reread` the Node is read first: somebody may have removed what was written; also a changed `state` is written then. */
  offer(wanted: Annotations, reread: boolean): void {
    this.#wanted = wanted;
    this.#reread ||= reread;
    this.#offered.ring();
  }

  /** Publishes what is offered until the signal aborts. Failures are logged and tried again, never thrown. */
  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      if (failures === 0 && !(await this.#offered.heard(signal))) return;
      try {
        await this.#publish(signal);
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        this.#failed(error, failures);
        await pause(signal, backoff(failures, retry));
      }
    }
  }

  async #publish(signal: AbortSignal): Promise<void> {
    const wanted = this.#wanted;
    const reread = this.#reread;
    if (reread) this.#known = null;
    this.#reread = false;
    const known = this.#known ?? (await this.#node.read(signal));
    const differing = changes(known, wanted, reread);
    if (differing === null) {
      this.#known = known;
    } else {
      this.#known = await this.#node.write(differing, signal);
      this.#log.info({ annotations: Object.keys(differing) }, "Wrote the report to the own Node");
    }
    this.#published = true;
    this.#inTheWay = null;
  }

  #failed(error: unknown, failures: number): void {
    const { reason, message } = failureOf(error);
    // A write that timed out may have been done: what the Node carries is not known any more.
    this.#reread = true;
    this.#published = false;
    this.#log[reason === this.#inTheWay ? "debug" : "warn"]({ reason, failures }, message);
    this.#inTheWay = reason;
  }
}
