// The leader: of all that run the one that acts, chosen by the Lease; it has stopped before another one can begin.
import { Failure } from "../common/failure.ts";
import { type Candidate, type CandidateParts, createCandidate, now } from "./candidate.ts";
import { lastMoment, mayAct, nextMove } from "./decide/lease.ts";

/** This process does not lead any more: LeadershipLost. */
class LeadershipError extends Failure {}

export interface LeaderParts extends CandidateParts {
  /** Told whether this process leads. */
  leads: (leads: boolean) => void;
  /** Ends the program in order. Aborted here when the lease is lost: then nothing more may be begun. */
  stop: AbortController;
  /** Ends the program at once: after a loss, when clean-ups have had their time. */
  exit: () => void;
}

export interface Leader {
  /** Null until the lease has been read once. */
  role: () => "Leader" | "Follower" | null;
  /**
   * To be called right before anything is sent that could change something: a process that was held up may wake when its lease is
   * another's already, and no timer has told it yet. Throws LeadershipError.
   */
  permit: () => void;
  /**
   * Waits for the lease, does the work, which ends with `stop`, and gives the lease back: only then may another begin. Once. Throws
   * LeadershipError (LeadershipLost), and what the work throws.
   */
  term: (work: () => Promise<void>) => Promise<void>;
}

interface Office {
  candidate: Candidate;
  lost: LeadershipError | null;
  /** Ends the term when it has run out. */
  timer: NodeJS.Timeout | undefined;
}

export function createLeader(parts: LeaderParts): Leader {
  const office: Office = { candidate: createCandidate(parts), lost: null, timer: undefined };
  const { candidate } = office;
  return {
    role: () => {
      if (isHeld(office)) return "Leader";
      return candidate.candidacy().record === undefined ? null : "Follower";
    },
    permit: () => permit(parts, office),
    term: async (work) => {
      const watching = candidate.watch();
      try {
        await elected(parts, office);
        if (isHeld(office)) await lead(parts, office, work);
      } catch (error) {
        throw office.lost ?? error;
      } finally {
        parts.end.abort();
        await watching;
      }
      if (office.lost !== null) throw office.lost;
    },
  };
}

function isHeld({ candidate, lost }: Office): boolean {
  return candidate.candidacy().heldSince !== null && lost === null;
}

/** Resolves when this process holds the lease, or is to stop. */
async function elected(parts: LeaderParts, office: Office): Promise<void> {
  const { signal } = parts.stop;
  await office.candidate.look();
  while (!signal.aborted && !isHeld(office)) await move(parts, office, signal);
}

async function lead(parts: LeaderParts, office: Office, work: () => Promise<void>): Promise<void> {
  const { log, leads, identity, stop } = parts;
  log.info({ identity }, "This replica leads from now on.");
  leads(true);
  const resigned = new AbortController();
  const renewing = renew(parts, office, resigned.signal);
  try {
    if (!stop.signal.aborted) await work();
  } finally {
    resigned.abort();
    await renewing;
    clearTimeout(office.timer);
    leads(false);
    if (office.lost === null) await office.candidate.release();
  }
}

async function renew(parts: LeaderParts, office: Office, resigned: AbortSignal): Promise<void> {
  while (!resigned.aborted && office.lost === null) await move(parts, office, resigned);
}

/** Does what is to be done next about the lease. */
async function move(parts: LeaderParts, office: Office, signal: AbortSignal): Promise<void> {
  const { candidate } = office;
  const next = nextMove(candidate.candidacy(), { self: parts.identity, now: now() }, parts.times);
  if (next.kind === "Lost") {
    lose(parts, office, next.why);
  } else if (next.kind === "Wait") {
    const changed = await candidate.changed(signal, next.milliseconds);
    if (!signal.aborted && (changed || !isHeld(office))) await candidate.look();
  } else {
    await candidate.take();
    setTimer(parts, office);
  }
}

/** A request that hangs must not hold up the end of the term. */
function setTimer(parts: LeaderParts, office: Office): void {
  clearTimeout(office.timer);
  const { heldSince } = office.candidate.candidacy();
  if (heldSince === null) return;
  const left = heldSince + parts.times.renewal - now();
  office.timer = setTimeout(() => check(parts, office), Math.max(0, left) + 1).unref();
}

function permit(parts: LeaderParts, office: Office): void {
  check(parts, office);
  if (office.lost !== null && now() >= lastMoment(office.candidate.candidacy(), parts.times)) throw office.lost;
}

function check(parts: LeaderParts, office: Office): void {
  if (isHeld(office) && !mayAct(office.candidate.candidacy(), now(), parts.times)) lose(parts, office, "Late");
}

function lose(parts: LeaderParts, office: Office, why: "Late" | "Taken"): void {
  const { log, leads, stop, times, exit } = parts;
  const { candidate } = office;
  const holder = candidate.holder() ?? "nobody";
  const what = why === "Late" ? `was not renewed within ${times.renewal / 1000} s` : `is now held by ${holder}`;
  office.lost = new LeadershipError("LeadershipLost", `The lease ${what}: this replica stops to act, and ends.`);
  log.error({ reason: office.lost.reason }, office.lost.message);
  leads(false);
  stop.abort(office.lost);
  const left = lastMoment(candidate.candidacy(), times) - now();
  if (left <= 0) exit();
  else setTimeout(exit, left).unref();
}
