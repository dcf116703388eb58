// The benchmark of the controller at scale measures what it says: run small, its figures are there, and those that do not depend on speed are right.
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, test } from "vitest";
import { z } from "zod";

const figure = z.number();
const Figures = z.strictObject({
  nodes: z.literal(40),
  rss_mb: figure.positive().max(250),
  first_evaluation_ms: figure.positive(),
  reevaluation_ms: figure.positive(),
  verdict_ms_p50: figure.positive(),
  verdict_ms_p99: figure.positive(),
  writes_at_rest: z.literal(0),
  cpu_percent_at_rest: figure.positive().max(100),
  growth_500_to_5000: figure.positive(),
});

test("its last line holds every figure", { timeout: 180_000 }, async () => {
  const program = fileURLToPath(new URL("controller.ts", import.meta.url));
  const small = ["--nodes=40", "--changes=20", "--change-seconds=2", "--rest-seconds=5"];
  const { stdout } = await execa(process.execPath, [program, "--json", ...small]);
  expect(Figures.parse(JSON.parse(stdout.split("\n").at(-1) ?? ""))).toBeDefined();
});
