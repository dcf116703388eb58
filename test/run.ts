// The test of everything: checks, the simulator's own tests, unit tests, and the whole flow in the lab.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { z } from "zod";
import { binaries } from "./lab/binaries.ts";
import { LabError } from "./lab/lab-error.ts";
import { checkPrerequisites } from "./lab/prerequisites.ts";
import { prometheusPrograms } from "./lab/prometheus-programs.ts";

interface Count {
  passed: number;
  failed: number;
}

const root = fileURLToPath(new URL("..", import.meta.url));
const total: Count = { passed: 0, failed: 0 };
/** What this machine cannot run, each with its reason. */
const notRun: string[] = [];

/** Runs one part, adds what it counts, and says how long it took. A part that throws is a failure. */
async function part(name: string, run: () => Promise<Count>): Promise<void> {
  const started = performance.now();
  const count = await run().catch((error: unknown) => {
    console.error(error instanceof LabError ? error.message : error);
    return { passed: 0, failed: 1 };
  });
  total.passed += count.passed;
  total.failed += count.failed;
  console.log(`part ${name} ${((performance.now() - started) / 1000).toFixed(1)}`);
}

/** A command that is one test: it passes or it fails. */
async function check(command: string, commandLine: string[], cwd = root): Promise<Count> {
  const options = { cwd, stdio: "inherit", reject: false, preferLocal: true, localDir: root } as const;
  const { failed } = await execa(command, commandLine, options);
  return failed ? { passed: 0, failed: 1 } : { passed: 1, failed: 0 };
}

const Report = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })) }),
  ),
});

/** vitest's own count misses files that do not load, throwing hooks and unhandled rejections: they are added. */
async function vitest(commandLine: string[]): Promise<Count> {
  const directory = await mkdtemp(join(tmpdir(), "bootwarden-test-"));
  const file = join(directory, "report.json");
  try {
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    const options = { cwd: root, stdio: "inherit", reject: false, preferLocal: true, localDir: root } as const;
    const { exitCode } = await execa("vitest", ["run", ...reporters, ...commandLine], options);
    const report = Report.safeParse(JSON.parse(await readFile(file, "utf8").catch(() => "{}")));
    if (!report.success) return { passed: 0, failed: 1 };
    const { numPassedTests, numFailedTests, testResults, success } = report.data;
    const notRun = testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => !["passed", "failed"].includes(status)),
    );
    for (const { fullName, status } of notRun) console.log(`not run (${status}): ${fullName}`);
    const lost = testResults.filter(
      ({ status, assertionResults }) =>
        status === "failed" && !assertionResults.some((assertion) => assertion.status === "failed"),
    ).length;
    const least = exitCode === 0 && success ? 0 : 1;
    return { passed: numPassedTests, failed: Math.max(numFailedTests + lost, least) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function everything(): Promise<void> {
  // First, and alone: what is missing is to be the only thing that a person reads.
  await checkPrerequisites();
  await part("lint", () => check("biome", ["check", "--error-on-warnings", "."]));
  await part("types", () => check("tsc", []));
  await part("unused", () => check("knip", []));
  await part("servers", async () => {
    await binaries(new AbortController().signal, (line) => console.error(line));
    return { passed: 1, failed: 0 };
  });
  await part("simulator", () => check("go", ["test", "./..."], join(root, "test/lab/servers/vsphere")));
  await part("player", () => check("go", ["test", "./..."], join(root, "test/lab/servers/node")));
  await part("unit", () => vitest(["--project", "unit"]));
  await part("lab", () => vitest(["--project", "lab"]));
  await part("monitoring", monitoring);
}

async function monitoring(): Promise<Count> {
  try {
    await prometheusPrograms(new AbortController().signal, (line) => console.error(line));
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    notRun.push(`test/monitoring: ${error.message}`);
    return { passed: 0, failed: 0 };
  }
  return await vitest(["--project", "monitoring"]);
}

const chosen = process.argv.slice(2);
try {
  if (chosen.length > 0) await part("chosen", () => vitest(chosen));
  else await everything();
} catch (error) {
  console.error(error instanceof LabError ? error.message : error);
  total.failed += 1;
}
for (const what of notRun) console.log(`not run: ${what}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
