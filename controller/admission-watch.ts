// The watch over the admission policies: without them bootwarden goes on, and says so until they are back.
import { pause } from "../common/deadline.ts";
import { failureOf } from "../common/failure.ts";
import type { Log } from "../common/log.ts";
import { readAdmissionPolicies } from "./cluster/admission-policies.ts";
import type { Kube } from "./cluster/kube.ts";
import { KubeError } from "./cluster/kube-error.ts";
import { type Admission, admission } from "./decide/admission.ts";
import type { Alarm } from "./decide/alarms.ts";

interface Parts {
  kube: Pick<Kube, "get">;
  log: Log;
  signal: AbortSignal;
  /** Milliseconds after which everything is looked at again. */
  resync: number;
  /** Called when a look found something else than the one before. */
  changed: () => void;
}

export interface AdmissionWatch {
  /** Of the last look; null before the first. */
  now: () => Admission | null;
  alarms: () => Alarm[];
  /** Until the signal. */
  run: () => Promise<void>;
}

/** Ten small requests, and nothing waits for them: no watch is kept for what hardly ever changes. */
const pace = 30_000;

export function createAdmissionWatch(parts: Parts): AdmissionWatch {
  let now: Admission | null = null;
  const look = async () => {
    const seen = await observe(parts, now);
    if (JSON.stringify(seen) === JSON.stringify(now)) return;
    now = seen;
    parts.changed();
  };
  return {
    now: () => now,
    alarms: () => (now === null || now === "Installed" ? [] : [{ kind: "BootImagePolicy", name: "cluster", ...now }]),
    run: async () => {
      for (; !parts.signal.aborted; await pause(parts.signal, Math.min(pace, parts.resync))) await look();
    },
  };
}

/** What was known stands while the API server does not answer; a refusal is news of its own. */
async function observe({ kube, log, signal }: Parts, known: Admission | null): Promise<Admission | null> {
  try {
    return admission(await readAdmissionPolicies(kube));
  } catch (error) {
    const failure = failureOf(error);
    if (!signal.aborted) log.debug(failure, "The admission policies could not be looked at.");
    return error instanceof KubeError && error.status === 403 ? failure : known;
  }
}
