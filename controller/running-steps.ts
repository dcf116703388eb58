// The running steps: each with its own end, its progress and its failure.
import { pause } from "../common/deadline.ts";
import { failureOf } from "../common/failure.ts";
import type { Progress } from "./apply/context.ts";
import { isNotWanted, NotWanted } from "./apply/not-wanted.ts";
import type { Assessment } from "./assessment.ts";
import { subjectOf } from "./decide/next-steps.ts";
import type { Step } from "./decide/steps.ts";
import type { Failed } from "./failures.ts";
import type { Metrics } from "./metrics.ts";
import { type StepParts, takeStep } from "./step.ts";
import { createTransferRate } from "./transfer-rate.ts";

export interface RunningStep {
  step: Step;
  progress: Progress | null;
  /** null until it is known. */
  bytesPerSecond: number | null;
}

export interface RunningStepsParts extends Omit<StepParts, "assessment" | "making" | "spareBlocks"> {
  metrics: Metrics;
  /** Called after each change of a step's progress, several times a second. */
  changed: () => void;
  /** Called when a step has ended; null: with success, or because it was stopped. */
  ended: (step: Step, result: Failed | "Success" | "Stopped") => void;
}

export interface RunningSteps {
  all: () => readonly RunningStep[];
  begin: (step: Step, assessment: Assessment) => void;
  /** It is not asked for any more: asks it to end; it clears away what it has made first. */
  stop: (step: Step) => void;
  /** When all have ended, or after so many milliseconds. */
  over: (milliseconds: number) => Promise<void>;
}

interface Entry {
  running: RunningStep;
  stop: AbortController;
  end: Promise<void>;
}

export function createRunningSteps(parts: RunningStepsParts): RunningSteps {
  const entries = new Map<string, Entry>();
  const making = new Map<string, Set<string>>();
  const spareBlocks: Buffer[] = [];
  const begin = (step: Step, assessment: Assessment) => {
    const stop = new AbortController();
    const running: RunningStep = { step, progress: null, bytesPerSecond: null };
    const inMaking = making.get(step.place.server) ?? new Set();
    making.set(step.place.server, inMaking);
    const signal = AbortSignal.any([parts.signal, stop.signal]);
    const end = attempt({ ...parts, signal, assessment, making: inMaking, spareBlocks }, running).then((failure) => {
      entries.delete(subjectOf(step));
      const failed = failure !== undefined && stop.signal.aborted ? "Stopped" : failure;
      parts.ended(step, failed ?? "Success");
    });
    entries.set(subjectOf(step), { running, stop, end });
    parts.changed();
  };
  return {
    all: () => [...entries.values()].map(({ running }) => running),
    begin,
    stop: (step) => entries.get(subjectOf(step))?.stop.abort(new NotWanted()),
    over: async (milliseconds) => {
      const limit = new AbortController();
      const ends = Promise.all([...entries.values()].map(({ end }) => end));
      await Promise.race([ends, pause(limit.signal, milliseconds)]);
      limit.abort();
    },
  };
}

/** Resolves with what the step failed of. */
async function attempt(parts: RunningStepsParts & StepParts, running: RunningStep): Promise<Failed | undefined> {
  const { log, metrics, vcenters } = parts;
  const { step } = running;
  const { server, label } = step.place;
  const rate = createTransferRate();
  const stopTimer = metrics.startStep(step.kind, server);
  try {
    await takeStep(parts, step, (progress) => {
      const bytesPerSecond = progress.bytesTotal === null ? null : rate(progress.bytesDone);
      Object.assign(running, { progress, bytesPerSecond });
      metrics.progress(server, { ...progress, bytesPerSecond });
      parts.changed();
    });
    stopTimer("Success");
    return undefined;
  } catch (error) {
    const failure = failureOf(error);
    stopTimer(isNotWanted(parts.signal) ? "Stopped" : failure.reason);
    if (failure.reason === "SessionLost") await vcenters.drop(server);
    const about = { step: step.kind, template: step.name, place: label };
    if (!parts.signal.aborted) log.error({ ...about, reason: failure.reason }, failure.message);
    return failure;
  } finally {
    if (running.progress !== null) metrics.progress(server, { ...running.progress, bytesPerSecond: 0 });
  }
}
