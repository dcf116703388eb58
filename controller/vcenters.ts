// The vCenters: one session each, opened when first needed and kept between passes.
import { failureOf } from "../common/failure.ts";
import type { Log } from "../common/log.ts";
import type { Kube } from "./cluster/kube.ts";
import type { Policy } from "./cluster/policy-object.ts";
import { type AccessState, accessTo } from "./vcenter-access.ts";
import type { VmFolders } from "./vsphere/inventory-look.ts";
import { openSession, type Session } from "./vsphere/session.ts";

/** A session, and what was learnt in it. */
export interface VisitedVCenter {
  session: Session;
  folders: VmFolders;
}

export interface VCenters {
  /** The session with a vCenter, opened anew where its account changed. Throws AccountError, KubeError, VimFault. */
  visit: (server: string, policy: Policy | undefined) => Promise<VisitedVCenter>;
  /** Takes work of some length with the session: it stays open until the work ends, also when the account changes meanwhile. */
  use: <T>(server: string, policy: Policy | undefined, work: (session: Session) => Promise<T>) => Promise<T>;
  /** Forgets a session that was lost. One that work goes on with stays, so that there is one only: it logs in again by itself. */
  drop: (server: string) => Promise<void>;
  /** How many sessions there are now, by vCenter. */
  sessions: () => Map<string, number>;
  /** Logs out of those that are not among these: nobody asks them any more, and their account may have changed. */
  keepOnly: (servers: ReadonlySet<string>) => Promise<void>;
  /** Logs out of all. */
  close: () => Promise<void>;
}

export interface VCenterParts {
  kube: Pick<Kube, "get">;
  state: AccessState;
  log: Log;
  signal: AbortSignal;
  /** Called right before each request to a vCenter; throws if it may not be sent. */
  permit?: () => void;
}

/** A vCenter locks an account after some wrong passwords: the same one is not tried again so soon. Milliseconds. */
const loginRest = 300_000;

interface Refused {
  access: string;
  at: number;
  error: unknown;
}

interface Open extends VisitedVCenter {
  /** What it was opened with. */
  access: string;
  /** How many pieces of work use it. */
  users: number;
}

export function createVCenters(parts: VCenterParts): VCenters {
  const open = new Map<string, Open>();
  const used = new Set<Open>();
  const refused = new Map<string, Refused>();
  const turns = createTurns();
  const enter = async (server: string, policy: Policy | undefined): Promise<Open> => {
    const access = await accessTo(parts, server, policy);
    const key = JSON.stringify(access);
    const known = open.get(server);
    if (known?.access === key) return known;
    await forget(open, server);
    const last = refused.get(server);
    if (last?.access === key && Date.now() - last.at < loginRest) throw last.error;
    const session = await openSession(access, parts).catch((error: unknown) => {
      if (failureOf(error).reason === "LoginRefused") refused.set(server, { access: key, at: Date.now(), error });
      throw error;
    });
    refused.delete(server);
    const opened = { session, folders: new Map(), access: key, users: 0 };
    open.set(server, opened);
    return opened;
  };
  // A survey and steps may come at the same time: they get one session, not one each.
  const visit = (server: string, policy: Policy | undefined) => turns.take(server, () => enter(server, policy));
  return {
    drop: (server) => turns.take(server, () => drop(open, server)),
    keepOnly: async (servers) => {
      const others = [...open.keys()].filter((server) => !servers.has(server));
      await Promise.all(others.map((server) => turns.take(server, () => forget(open, server))));
    },
    visit,
    sessions: () => sessionsOf(new Set([...open.values(), ...used])),
    use: async (server, policy, work) => {
      const taken = await turns.take(server, async () => occupied(await enter(server, policy), used));
      try {
        return await work(taken.session);
      } finally {
        taken.users -= 1;
        if (taken.users === 0) used.delete(taken);
        if (taken.users === 0 && open.get(server) !== taken) await taken.session.close();
      }
    },
    close: async () => {
      await turns.done();
      const all = new Set([...open.values(), ...used]);
      open.clear();
      await Promise.all([...all].map(({ session }) => session.close()));
    },
  };
}

function sessionsOf(all: Iterable<Open>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { session } of all) counts.set(session.server, (counts.get(session.server) ?? 0) + session.sessions());
  return counts;
}

async function drop(open: Map<string, Open>, server: string): Promise<void> {
  const known = open.get(server);
  if (known === undefined || known.users === 0) await forget(open, server);
  else known.folders.clear();
}

/** Whoever uses the session last closes it. */
async function forget(open: Map<string, Open>, server: string): Promise<void> {
  const known = open.get(server);
  open.delete(server);
  if (known?.users === 0) await known.session.close();
}

function occupied(opened: Open, used: Set<Open>): Open {
  opened.users += 1;
  used.add(opened);
  return opened;
}

/** What is done at one vCenter is done one after the other. */
function createTurns() {
  const last = new Map<string, Promise<unknown>>();
  return {
    take: <T>(server: string, work: () => Promise<T>): Promise<T> => {
      const turn = (last.get(server) ?? Promise.resolve()).then(work);
      last.set(
        server,
        turn.catch(() => undefined),
      );
      return turn;
    },
    done: async () => {
      await Promise.all(last.values());
    },
  };
}
