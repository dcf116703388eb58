// The benchmark of imports measures what it says: run small, its figures are there, and those that do not depend on speed are right.
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, test } from "vitest";
import { z } from "zod";

const figure = z.number();
const Figures = z.strictObject({
  ratio_govc: figure.positive(),
  ratio_by_hand: figure.positive(),
  cpu_s_per_gib: figure.positive(),
  rss_mb: figure.positive().max(150),
  disk_bytes: z.literal(0),
  downloaded_ratio_4_places: figure.min(0.99).max(1.01),
  uploaded_ratio_4_places: figure.min(0.99).max(1.01),
  limit_ratio_1_place: figure.positive(),
  limit_ratio_4_places: figure.positive(),
  sessions_left: z.literal(0),
});

test("its last line holds every figure", { timeout: 180_000 }, async () => {
  const program = fileURLToPath(new URL("import.ts", import.meta.url));
  const { stdout } = await execa(process.execPath, [program, "--json", "--mib=16", "--pairs=1"]);
  expect(Figures.parse(JSON.parse(stdout.split("\n").at(-1) ?? ""))).toBeDefined();
});
