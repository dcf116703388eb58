// The README's examples of `kubectl bootwarden` are what it prints (`npm run cli:examples` prints them anew).
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Stage } from "../demo/stage.ts";
import { type Example, examplesIn, masked, play, setScene } from "../examples/examples.ts";
import { openStage } from "./open-stage.ts";

const examples = examplesIn(await readFile(new URL("../../README.md", import.meta.url), "utf8"));
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await setScene(stage);
});
afterAll(() => stage?.lab.close());

test("there is one of each command that looks", () => {
  const named = examples.map(({ command }) => command.split(" ")[2]);
  expect(named).toEqual(["status", "nodes", "plan", "explain"]);
});

test.each(examples.map((example): [string, Example] => [example.command, example]))(
  "%s",
  async (_, { command, printed }) => {
    expect(masked((await play(stage, command)).printed)).toBe(masked(printed));
  },
);
