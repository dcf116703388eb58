// The control door of the simulated vCenter: faults, ends of sessions and leases, and what is left open.
import { z } from "zod";

/** One rule; of fault, taskFault, httpStatus and drop at most one, alone or with delayMs. */
interface FaultRule {
  /** A SOAP method, "*", or an HTTP method and the start of a path: "POST /nfc/", "POST /rest/com/vmware/cis/session". */
  method: string;
  /** Limits the rule to calls on an object of this name or reference, or that carry it as a field's text (a new VM's name). */
  name?: string;
  /** How many calls; left out: 1, -1: all. */
  times?: number;
  /** So many matching calls pass first. */
  skip?: number;
  /** Type of the SOAP fault, as "NoPermission". */
  fault?: string;
  /** The task that is answered ends with this fault. */
  taskFault?: string;
  /** privilegeId of a NoPermission fault. */
  privilege?: string;
  httpStatus?: number;
  /** Closes the connection. */
  drop?: true;
  delayMs?: number;
  /** The call is done first, then its answer is delayed, dropped or replaced by httpStatus. */
  after?: true;
  /** Of an upload: so many bytes pass, then it is held for delayMs or dropped. */
  afterBytes?: number;
}

const Sessions = z.array(z.object({ user: z.string(), key: z.string() }));
const OpenSessions = z.object({ soap: Sessions, rest: Sessions });
const Rules = z.array(z.object({ method: z.string(), times: z.number().optional(), hits: z.number() }));

type OpenSessions = z.infer<typeof OpenSessions>;

export interface VCenterControl {
  fault: (rule: FaultRule) => Promise<void>;
  /** The rules so far, with the calls that each still waits for and has met. */
  faults: () => Promise<z.infer<typeof Rules>>;
  clearFaults: () => Promise<void>;
  /** Ends all SOAP and REST sessions; resolves with those that were open. */
  expireSessions: () => Promise<OpenSessions>;
  /** Puts all ready leases into state error; resolves with their number. */
  failLeases: (fault: string) => Promise<number>;
  sessions: () => Promise<OpenSessions>;
  /** Gives a datastore, or all, so many free bytes from now on. */
  freeSpace: (bytes: number, datastore?: string) => Promise<void>;
  /** References of the VMs that an import locks (flag --lease-lock). */
  locks: () => Promise<string[]>;
}

/** Speaks to the door at `url`; each call rejects with the door's own words where it refuses. */
export function vcenterControl(url: string, signal: AbortSignal): VCenterControl {
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      method,
      signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`The simulator's control door refused ${method} ${path}: ${text.trim()}`);
    return JSON.parse(text);
  };
  return {
    fault: async (rule) => void (await ask("POST", "/faults", rule)),
    faults: async () => Rules.parse(await ask("GET", "/faults")),
    clearFaults: async () => void (await ask("DELETE", "/faults")),
    expireSessions: async () => OpenSessions.parse(await ask("POST", "/expire-sessions")),
    failLeases: async (fault) =>
      z.object({ failed: z.number() }).parse(await ask("POST", "/leases", { state: "error", fault })).failed,
    sessions: async () => OpenSessions.parse(await ask("GET", "/sessions")),
    freeSpace: async (bytes, datastore) => void (await ask("POST", "/free-space", { bytes, datastore })),
    locks: async () => z.array(z.string()).parse(await ask("GET", "/locks")),
  };
}
