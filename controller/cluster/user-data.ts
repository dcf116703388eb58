// The user data of MachineSets, read from the Secrets that they name: judged at once, and what they hold is not kept.
import { z } from "zod";
import { type Decision, refused } from "../decide/decision.ts";
import { ignitionVersion, userDataSecret } from "../decide/user-data.ts";
import type { Kube } from "./kube.ts";
import { KubeError } from "./kube-error.ts";

export interface UserData {
  /**
   * Reads the Secrets with these names, and forgets all others: each once per `resync`, and once when `words`, what
   * MachineSets and policy say, are others than before. Never throws.
   */
  learn: (names: ReadonlySet<string>, words: string) => Promise<void>;
  /** The version of its Ignition spec, or why a MachineSet that names it must not be moved. */
  of: (name: string) => Decision<string>;
  /** Whether one could not be asked for. */
  failed: () => boolean;
}

interface Known {
  decision: Decision<string>;
  words: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** Whether the API server gave an answer. */
  answered: boolean;
}

interface Parts {
  kube: Pick<Kube, "get">;
  /** Milliseconds. */
  resync: number;
  signal: AbortSignal;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

/** Milliseconds before the API server is asked again that gave no answer. */
const rest = 10_000;

const Secret = z.object({ data: z.record(z.string(), z.base64()).nullish() });

export function createUserData({ kube, resync, signal, now = Date.now }: Parts): UserData {
  const known = new Map<string, Known>();
  const isDue = (name: string, words: string) => {
    const last = known.get(name);
    if (last === undefined) return true;
    const age = now() - last.at;
    return last.answered ? last.words !== words || age >= resync : age >= rest;
  };
  const readOne = async (name: string, words: string) => {
    const at = now();
    try {
      known.set(name, { decision: await read(kube, name), words, at, answered: true });
    } catch (error) {
      if (signal.aborted) return;
      const decision = known.get(name)?.decision ?? unanswered(name, error);
      known.set(name, { decision, words, at, answered: false });
    }
  };
  return {
    learn: async (names, words) => {
      for (const name of known.keys()) if (!names.has(name)) known.delete(name);
      await Promise.all([...names].filter((name) => isDue(name, words)).map((name) => readOne(name, words)));
    },
    of: (name) => known.get(name)?.decision ?? refused("ApiUnreachable", `${userDataSecret(name)} was not read yet.`),
    failed: () => [...known.values()].some(({ answered }) => !answered),
  };
}

/** Names of Secrets (RFC 1123 subdomains): nothing else may stand in a path. */
const legal = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** Throws KubeError, but for a refusal, which is an answer. */
async function read(kube: Parts["kube"], name: string): Promise<Decision<string>> {
  if (!legal.test(name)) return ignitionVersion(name, undefined);
  const path = `/api/v1/namespaces/openshift-machine-api/secrets/${name}`;
  try {
    const object = await kube.get(path);
    if (object === undefined) return ignitionVersion(name, undefined);
    const text = Secret.safeParse(object).data?.data?.userData;
    return ignitionVersion(name, text === undefined ? undefined : Buffer.from(text, "base64").toString("utf8"));
  } catch (error) {
    if (error instanceof KubeError && error.status === 403) return forbidden(name);
    throw error;
  }
}

function forbidden(name: string): Decision<string> {
  const message =
    `${userDataSecret(name)} may not be read, so that it is not known whether new machines could join: allow get of it ` +
    "to ServiceAccount bootwarden/bootwarden-controller by a Role and a RoleBinding there, as docs/user-data.md says.";
  return refused("UserDataForbidden", message);
}

/** Its own words are not told: an answer that cannot be read may be quoted in them. */
function unanswered(name: string, error: unknown): Decision<string> {
  const status = error instanceof KubeError && error.status !== 0 ? ` (status ${error.status})` : "";
  return refused("ApiUnreachable", `${userDataSecret(name)} could not be read${status}: it is tried again.`);
}
