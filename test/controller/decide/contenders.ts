// The contenders for a lease, simulated: clocks that differ, requests that are late or lost, processes held up, killed and started anew.
import {
  type Candidacy,
  held,
  type LeaseRecord,
  type LeaseTimes,
  lastMoment,
  mayAct,
  newCandidacy,
  nextMove,
  seen,
  tried,
} from "../../../controller/decide/lease.ts";
import { randomOf } from "./random.ts";
import { Timeline } from "./timeline.ts";

export const times: LeaseTimes = { duration: 137_000, renewal: 107_000, retry: 26_000 };
const timeout = 10_000;

interface Contender {
  self: string;
  /** Its clock is `offset` + `rate` × the real time. */
  offset: number;
  rate: number;
  candidacy: Candidacy;
  /** Until when nothing that comes to it is heard, in real time. */
  asleep: number;
  /** Of the process: what was meant for an earlier one is heard by nobody. */
  life: number;
  /** Whether it has lost the lease, or is about to give it back. */
  ending: boolean;
}

export interface Course {
  /** Who acted together with whom, or cleaned up while another acted: at which time. */
  clashes: string[];
  /** How often somebody began to act. */
  terms: number;
  /** Who acts at the end, after a while in which all went well. */
  acting: string[];
}

export interface Trouble {
  contenders: number;
  seed: number;
  /** Milliseconds; the same time of calm follows. */
  length: number;
}

/** Runs it; the same seed gives the same course. */
export function contend({ contenders, seed, length }: Trouble): Course {
  const random = randomOf(seed);
  const world = new World(random, length);
  for (let n = 0; n < contenders; n++) world.join(n);
  world.run(2 * length);
  return { clashes: world.clashes, terms: world.terms, acting: world.acting().map(({ self }) => self) };
}

class World {
  readonly clashes: string[] = [];
  terms = 0;
  readonly #all: Contender[] = [];
  readonly #timeline = new Timeline();
  readonly #random: () => number;
  readonly #calm: number;
  #record: LeaseRecord | null = null;
  #version = 0;

  constructor(random: () => number, calm: number) {
    this.#random = random;
    this.#calm = calm;
  }

  join(n: number): void {
    const one: Contender = {
      ...{ self: `${n}.0`, offset: this.#random() * 1e9, rate: 0.99 + this.#random() * 0.02 },
      ...{ candidacy: newCandidacy, asleep: 0, life: 0, ending: false },
    };
    this.#all.push(one);
    this.#later(this.#random() * 1_000, () => this.#look(one));
    this.#befall(one);
  }

  run(until: number): void {
    this.#timeline.run(until, () => this.#check());
  }

  acting(): Contender[] {
    return this.#all.filter((one) => !one.ending && mayAct(one.candidacy, this.#clock(one), times));
  }

  #check(): void {
    const acting = this.acting();
    const cleaning = this.#all.filter(
      (one) => !acting.includes(one) && this.#clock(one) < lastMoment(one.candidacy, times),
    );
    if (acting.length > 1 || (acting.length === 1 && cleaning.length > 0))
      this.clashes.push(`${[...acting, ...cleaning].map(({ self }) => self)} at ${this.#timeline.now}`);
  }

  #clock({ offset, rate }: Contender): number {
    return offset + rate * this.#timeline.now;
  }

  #later(milliseconds: number, what: () => void): void {
    this.#timeline.later(milliseconds, what);
  }

  /** Something that this process, and no later one, hears: when it is awake. */
  #hear(one: Contender, milliseconds: number, what: () => void): void {
    const { life } = one;
    const heard = () => {
      if (one.life !== life) return;
      if (this.#timeline.now < one.asleep) this.#later(one.asleep - this.#timeline.now, heard);
      else what();
    };
    this.#later(milliseconds, heard);
  }

  /** From time to time a process is held up, killed, or told to end. */
  #befall(one: Contender): void {
    this.#later(this.#random() * 400_000, () => {
      if (this.#timeline.now > this.#calm) return;
      const fate = this.#random();
      if (fate < 0.6) one.asleep = this.#timeline.now + this.#random() ** 3 * 400_000;
      else if (fate < 0.8) this.#restart(one);
      else if (mayAct(one.candidacy, this.#clock(one), times) && this.#timeline.now >= one.asleep) this.#release(one);
      this.#befall(one);
    });
  }

  #restart(one: Contender): void {
    const life = one.life + 1;
    const self = `${one.self.split(".")[0]}.${life}`;
    Object.assign(one, { life, self, candidacy: newCandidacy, asleep: 0, ending: false });
    this.#hear(one, this.#random() * 20_000, () => this.#look(one));
  }

  #release(one: Contender): void {
    one.ending = true;
    const { version } = one.candidacy.record ?? {};
    const free = () => {
      one.candidacy = newCandidacy;
      if (this.#record?.version === version) this.#write(null);
    };
    // What was acted is over before.
    this.#later(this.#delay(), free);
    this.#later(timeout, () => this.#restart(one));
  }

  #delay(): number {
    const bad = this.#timeline.now < this.#calm && this.#random() < 0.2;
    return bad ? this.#random() ** 2 * 200_000 : this.#random() * 50;
  }

  #write(holder: string | null): LeaseRecord {
    this.#version += 1;
    this.#record = { holder, version: `${this.#version}`, duration: holder === null ? 1_000 : times.duration };
    return this.#record;
  }

  /** Asks the server; the answer comes, or is lost on its way, or comes when nobody waits for it any more. */
  #ask<T>(one: Contender, served: () => T, answered: (answer: T | undefined) => void): void {
    let open = true;
    const answer = (value: T | undefined) => {
      if (open) answered(value);
      open = false;
    };
    const lost = () => this.#timeline.now < this.#calm && this.#random() < 0.1;
    this.#hear(one, timeout / one.rate, () => answer(undefined));
    if (lost()) return;
    this.#later(this.#delay(), () => {
      const value = served();
      if (!lost()) this.#hear(one, this.#delay(), () => answer(value));
    });
  }

  #look(one: Contender): void {
    const show = (record: LeaseRecord | null | undefined) => {
      const moment = { self: one.self, now: this.#clock(one) };
      if (record !== undefined) one.candidacy = seen(one.candidacy, record, moment);
      this.#step(one);
    };
    this.#ask(one, () => this.#record, show);
  }

  #step(one: Contender): void {
    if (one.ending) return;
    const next = nextMove(one.candidacy, { self: one.self, now: this.#clock(one) }, times);
    if (next.kind === "Lost") {
      one.ending = true;
      const left = (lastMoment(one.candidacy, times) - this.#clock(one)) / one.rate;
      this.#hear(one, Math.max(0, left), () => this.#restart(one));
    } else if (next.kind === "Wait") {
      const follows = one.candidacy.heldSince === null;
      // No timer is shorter: without that a clock that is a rounding before the moment would stand still there.
      this.#hear(one, Math.max(1, next.milliseconds) / one.rate, () => (follows ? this.#look(one) : this.#step(one)));
    } else {
      this.#take(one);
    }
  }

  #take(one: Contender): void {
    const sent = this.#clock(one);
    const { self } = one;
    const before = one.candidacy.record?.version;
    one.candidacy = tried(one.candidacy, sent);
    const served = () => (this.#record?.version === before ? this.#write(self) : null);
    this.#ask(one, served, (record) => {
      // The leader gives nothing back before its last renewal has an answer, and heeds none after that.
      if (one.ending) return;
      if (record === null) return this.#look(one);
      if (record !== undefined) {
        if (one.candidacy.heldSince === null) this.terms += 1;
        one.candidacy = held(one.candidacy, record, sent);
      }
      this.#step(one);
    });
  }
}
