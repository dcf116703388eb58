// The Events by which a person learns, at the object, what happened to it and what to do.
import { controllerName } from "../../common/annotations.ts";
import { failureOf } from "../../common/failure.ts";
import type { Log } from "../../common/log.ts";
import { oneLine } from "../../common/one-line.ts";
import type { Reason } from "../../common/reasons.ts";
import type { Involved } from "./involved.ts";
import type { Kube } from "./kube.ts";

interface EventFacts {
  type: "Normal" | "Warning";
  reason: Reason;
  message: string;
}

/** Resolves with whether the Event was written. */
export type Tell = (involved: Involved, event: EventFacts) => Promise<boolean>;

/** The API server's limit for an Event's message, in bytes. */
const limit = 1024;

/** An Event that cannot be written is logged: what it tells of has happened all the same. */
export function createTell(kube: Kube, log: Log): Tell {
  return async (involved, { type, reason, message }) => {
    // Events of cluster-scoped objects live in the namespace default: kubectl describe looks for them there.
    const namespace = involved.namespace ?? "default";
    const now = new Date().toISOString();
    log[type === "Warning" ? "warn" : "info"]({ kind: involved.kind, object: involved.name, reason }, message);
    const event = {
      apiVersion: "v1",
      kind: "Event",
      metadata: { generateName: `${involved.name}.`, namespace },
      involvedObject: involved,
      type,
      reason,
      message: Buffer.from(oneLine(message, limit))
        .subarray(0, limit)
        .toString("utf8")
        .replace(/\uFFFD$/, ""),
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      source: { component: controllerName },
      reportingComponent: controllerName,
    };
    return await kube.create(`/api/v1/namespaces/${namespace}/events`, event).then(
      () => true,
      (error: unknown) => {
        log.warn({ object: involved.name, ...failureOf(error) }, "an Event could not be written");
        return false;
      },
    );
  };
}
