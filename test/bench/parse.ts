// The benchmark of `agent parse`: how much longer ten times the text takes, for texts of nodes and for those that some way of reading would try anew from every place.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { readSaved } from "../../agent/saved/saved-status.ts";
import { longTexts } from "../agent/saved/long-texts.ts";
import { median, tenths } from "./figure.ts";

const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, rounds: { type: "string", default: "3" } },
});
const rounds = Number(values.rounds);
const [megabyte, times] = [1_000_000, 10];
const program = fileURLToPath(new URL("../../agent/main.ts", import.meta.url));

const shapes = longTexts.map(({ name, text }) => {
  const [short, long] = [text(megabyte), text(times * megabyte)];
  secondsFor(short, 1);
  const ratios = Array.from({ length: rounds }, () => secondsFor(long, 1) / secondsFor(short, times));
  const ratio = tenths(median(ratios));
  console.error(`${name}: ${ratio}`);
  return { name, ratio };
});
const worst = shapes.reduce((one, other) => (other.ratio > one.ratio ? other : one));
const [short, long] = [await commandSeconds(megabyte), await commandSeconds(times * megabyte)];
const figures = {
  ratio_max: worst.ratio,
  ratio_max_of: worst.name,
  ratio_command: tenths(long / short),
  command_ms_10_mb: Math.round(long * 1000),
};
console.log(JSON.stringify(figures, null, values.json ? undefined : 2));

/** Seconds on a CPU that one reading took, the collection of its garbage included. */
function secondsFor(text: string, readings: number): number {
  const start = process.cpuUsage();
  for (let reading = 0; reading < readings; reading++) readSaved(text);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6 / readings;
}

/** Seconds that the whole command takes for a text of nodes, from its start to its end. */
async function commandSeconds(size: number): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), "bootwarden-bench-"));
  try {
    const file = join(directory, "status.txt");
    await writeFile(file, longTexts[0]?.text(size) ?? "");
    const seconds: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      await execa(process.execPath, [program, "parse", file], { stdout: "ignore" });
      seconds.push((performance.now() - started) / 1000);
    }
    return median(seconds);
  } finally {
    await rm(directory, { recursive: true });
  }
}
