// What a step tells of its progress: all of it to whom it concerns, and every tenth to the log.
import pino from "pino";
import { expect, test } from "vitest";
import { z } from "zod";
import { type Progress, reporter } from "../../../controller/apply/context.ts";

const Line = z.looseObject({ msg: z.string() });
type Line = z.infer<typeof Line>;

/** Reports these percents; gives the lines that were logged, and the percents that were passed on. */
function reported(percents: readonly number[]): { lines: Line[]; passedOn: number[] } {
  const lines: Line[] = [];
  const passedOn: number[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line) => lines.push(Line.parse(JSON.parse(line))) });
  const context = {
    signal: new AbortController().signal,
    log,
    onProgress: ({ percent }: Progress) => void passedOn.push(percent),
    onNotice: () => undefined,
  };
  const report = reporter(context, { template: "new" });
  for (const percent of percents) report({ stage: "Importing", percent, bytesDone: percent * 2, bytesTotal: 200 });
  return { lines, passedOn };
}

test("each percent is passed on, and each tenth logged once, the whole too", () => {
  const percents = Array.from({ length: 101 }, (_, percent) => percent);
  const { lines, passedOn } = reported(percents);
  expect(passedOn).toEqual(percents);
  const tenths = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100];
  expect(lines.map(({ msg }) => msg)).toEqual(tenths.map((tenth) => `Importing a template: ${tenth} %.`));
});

test.each([
  ["a jump over several is one line", [5, 47, 48, 49.9], ["40 %"]],
  ["less than a tenth is none", [0, 0.4, 9.9], []],
  ["a tenth that comes again, after a step back, too, is one", [10, 10.5, 8, 12], ["10 %"]],
])("%s", (_, percents, tenths) => {
  const { lines, passedOn } = reported(percents);
  expect(passedOn).toEqual(percents);
  expect(lines.map(({ msg }) => msg)).toEqual(tenths.map((tenth) => `Importing a template: ${tenth}.`));
});

test("a line has the step's fields, and how far it is", () => {
  const progress = { stage: "Importing", percent: 47, bytesDone: 94, bytesTotal: 200 };
  expect(reported([47]).lines).toMatchObject([{ template: "new", ...progress }]);
});
