// The test of everything: checks, the simulator's own tests, unit tests, the whole flow in the lab, and the pods on real kubelets.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { z } from "zod";
import { binaries } from "./lab/binaries.ts";
import { whyNoKubelets } from "./lab/kubelets/requirements.ts";
import { enterWorld } from "./lab/kubelets/world-entry.ts";
import { LabError } from "./lab/lab-error.ts";
import { checkPrerequisites } from "./lab/prerequisites.ts";
import { prometheusPrograms } from "./lab/prometheus-programs.ts";

interface Count {
  passed: number;
  failed: number;
}

const root = fileURLToPath(new URL("..", import.meta.url));
const total: Count = { passed: 0, failed: 0 };
/** What needs a Prometheus beside the kubelets. */
const installation = "test/kubelets/install.test.ts";
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

/** Runs a program of npm's packages, and resolves with its exit code. */
type Start = (program: string, commandLine: string[]) => Promise<number | undefined>;

const here: Start = async (program, commandLine) => {
  const options = { cwd: root, stdio: "inherit", reject: false, preferLocal: true, localDir: root } as const;
  return (await execa(program, commandLine, options)).exitCode;
};

const inWorld: Start = async (program, commandLine) => {
  const signal = new AbortController().signal;
  return await enterWorld([process.execPath, join(root, "node_modules/.bin", program), ...commandLine], {
    signal,
    say,
  });
};

/** vitest's own count misses files that do not load, throwing hooks and unhandled rejections: they are added. */
async function vitest(commandLine: string[], start = here): Promise<Count> {
  const directory = await mkdtemp(join(tmpdir(), "bootwarden-test-"));
  const file = join(directory, "report.json");
  try {
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    const exitCode = await start("vitest", ["run", `--root=${root}`, ...reporters, ...commandLine]);
    const report = Report.safeParse(JSON.parse(await readFile(file, "utf8").catch(() => "{}")));
    if (!report.success) return { passed: 0, failed: 1 };
    const { numPassedTests, numFailedTests, testResults, success } = report.data;
    const left = testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => !["passed", "failed"].includes(status)),
    );
    notRun.push(...left.map(({ fullName, status }) => `${fullName}: ${status}`));
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

function say(line: string): void {
  console.error(line);
}

async function everything(): Promise<void> {
  // First, and alone: what is missing is to be the only thing that a person reads.
  await checkPrerequisites();
  await part("lint", () => check("biome", ["check", "--error-on-warnings", "."]));
  await part("types", () => check("tsc", []));
  await part("unused", () => check("knip", []));
  await part("servers", async () => {
    await binaries(new AbortController().signal, say);
    return { passed: 1, failed: 0 };
  });
  await part("simulator", () => check("go", ["test", "./..."], join(root, "test/lab/servers/vsphere")));
  await part("player", () => check("go", ["test", "./..."], join(root, "test/lab/servers/node")));
  await part("unit", () => vitest(["--project", "unit"]));
  await part("lab", () => vitest(["--project", "lab"]));
  await part("monitoring", monitoring);
  await part("kubelets", kubelets);
}

async function monitoring(): Promise<Count> {
  const reason = await whyNoPrometheus();
  if (reason === undefined) return await vitest(["--project", "monitoring"]);
  notRun.push(`test/monitoring: ${reason}`);
  return { passed: 0, failed: 0 };
}

async function whyNoPrometheus(): Promise<string | undefined> {
  try {
    await prometheusPrograms(new AbortController().signal, say);
    return undefined;
  } catch (error) {
    if (error instanceof LabError) return error.message;
    throw error;
  }
}

/** The tests on real kubelets; where none can run, they are named with the reason. */
async function kubelets(): Promise<Count> {
  const reason = await whyNoKubelets(say);
  if (reason === undefined) {
    const withoutPrometheus = await whyNoPrometheus();
    if (withoutPrometheus === undefined) return await vitest(["--project", "kubelets"], inWorld);
    notRun.push(`${installation}: ${withoutPrometheus}`);
    return await vitest(["--project", "kubelets", `--exclude=${installation}`], inWorld);
  }
  const options = { cwd: root, preferLocal: true, localDir: root } as const;
  const { stdout } = await execa("vitest", ["list", "--project=kubelets", "--staticParse=false"], options);
  notRun.push(...stdout.split("\n").map((test) => `${test}: ${reason}`));
  return { passed: 0, failed: 0 };
}

const chosen = process.argv.slice(2);
try {
  const start = chosen.some((word) => word.includes("kubelets")) ? inWorld : here;
  // Nothing can be got from within.
  if (start === inWorld) await whyNoPrometheus();
  if (chosen.length > 0) await part("chosen", () => vitest(chosen, start));
  else await everything();
} catch (error) {
  console.error(error instanceof LabError ? error.message : error);
  total.failed += 1;
}
for (const what of notRun) console.log(`not run: ${what}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
