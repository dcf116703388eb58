// The program itself, as a process: what it prints where, and how it ends, where there is no cluster.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { commands } from "../../cli/command-table.ts";

const program = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
// Each starts the program from its sources.
vi.setConfig({ testTimeout: 30_000 });

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "bootwarden-cli-"));
});
afterAll(() => rm(directory, { recursive: true }));

const run = (args: string[], env: Record<string, string> = {}) =>
  execa(process.execPath, [program, ...args], { extendEnv: false, env: { HOME: directory, ...env }, reject: false });

async function kubeconfig(server: string): Promise<string> {
  const config = {
    "current-context": "a",
    contexts: [{ name: "a", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: { server } }],
    users: [{ name: "u", user: { token: "t" } }],
  };
  const file = join(directory, "config");
  await writeFile(file, JSON.stringify(config));
  return file;
}

describe("help", () => {
  test.each([[[]], [["--help"]], [["-h"]], [["help"]]])("%j is that of all commands, and ends with 0", async (args) => {
    const { exitCode, stdout, stderr } = await run(args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    for (const { name, summary } of commands)
      expect(stdout.replace(/\n +/g, " ")).toContain(`${name} `.trim() && summary);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test.each(commands.map(({ name }) => name))("%s --help has its usage and examples", async (name) => {
    const [flag, word] = await Promise.all([run([name, "--help"]), run(["help", name])]);
    expect(flag).toMatchObject({ exitCode: 0, stderr: "" });
    expect(flag.stdout).toContain(`Usage: kubectl bootwarden ${name}`);
    expect(flag.stdout).toMatch(/\nExamples\n {2}kubectl bootwarden /);
    expect(word.stdout).toBe(flag.stdout);
  });

  test("version is that of the package", async () => {
    const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
    expect((await run(["version"])).stdout).toBe(`kubectl-bootwarden ${version}`);
  });
});

describe("a wrong command line", () => {
  test.each([
    [["statsu"], "There is no command statsu. Did you mean status?", "kubectl bootwarden --help"],
    [["help", "nodse"], "There is no command nodse. Did you mean nodes?", "kubectl bootwarden --help"],
    [
      ["nodes", "--output", "yaml"],
      "The output can be wide, json or csv, not yaml.",
      "kubectl bootwarden nodes --help",
    ],
    [
      ["nodes", "--output", "jsno"],
      "The output can be wide, json or csv, not jsno. Did you mean json?",
      "kubectl bootwarden nodes --help",
    ],
    [["rollback"], "Name one MachineSet, or say --all.", "kubectl bootwarden rollback --help"],
    [["rollback", "a", "--all"], "Name one MachineSet, or say --all.", "kubectl bootwarden rollback --help"],
    [
      ["rollback", "a", "--dry-run=client"],
      "--dry-run can be server or none, not client.",
      "kubectl bootwarden rollback --help",
    ],
    [
      ["explain", "pod/x"],
      "pod/x names nothing that can be explained: NAME, node/NAME, machineset/NAME or machine/NAME.",
      "kubectl bootwarden explain --help",
    ],
  ])("%j ends with 64, before anybody is asked anything", async (...[args, message, more]) => {
    const { exitCode, stdout, stderr } = await run(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
    expect(stderr).toBe(`Error (UsageInvalid): ${message}\nMore: ${more}`);
  });

  test("brings nothing to the terminal that it would obey", async () => {
    const { stderr } = await run(["\u001b[2Jx"]);
    expect(stderr).not.toMatch(/\p{Cc}(?<!\n)/u);
  });
});

describe("without an API server", () => {
  test("no kubeconfig ends with 78", async () => {
    const { exitCode, stderr } = await run(["status"], { KUBECONFIG: "/no/such/file" });
    expect(exitCode).toBe(78);
    expect(stderr).toBe(
      "Error (ApiCredentialsInvalid): There is no kubeconfig at /no/such/file: log in (oc login …), or name one with --kubeconfig.",
    );
  });

  test.each(["status", "nodes", "plan", "resume"])(
    "%s says that it does not answer, in a sentence, and ends with 1",
    async (name) => {
      const { exitCode, stdout, stderr } = await run([name, "--kubeconfig", await kubeconfig("https://127.0.0.1:1")]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
      expect(stderr).toMatch(
        /^Error \(ApiUnreachable\): The API server 127\.0\.0\.1:1 does not answer: .*ECONNREFUSED/,
      );
      expect(stderr).not.toMatch(/\n\s+at /);
    },
  );

  test("Ctrl-C ends it at once, with 130 and without a word", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const address = silent.address();
    const port = typeof address === "object" ? address?.port : 0;
    const running = run(["status", "--kubeconfig", await kubeconfig(`https://127.0.0.1:${port}`)]);
    await new Promise((resolve) => silent.once("connection", resolve));
    running.kill("SIGINT");
    expect(await running).toMatchObject({ exitCode: 130, stdout: "", stderr: "" });
    silent.close();
  });
});

test("a reader that has read enough is no failure", async () => {
  const child = spawn(process.execPath, [program, "--help"], {
    env: { HOME: directory },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect({ code, said }).toEqual({ code: 0, said: "" });
});
