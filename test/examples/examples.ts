// The examples of the README: what `kubectl bootwarden` prints in a lab that is in a certain state, as kubectl runs it.
import { existsSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { bundleProgram } from "../../scripts/bundle-program.ts";
import { machineApi, type Stage, scale, waitForNodes } from "../demo/stage.ts";
import { playAnnotation } from "../lab/machine-room.ts";
import { inheritedEnvironment } from "../lab/settings.ts";
import { machineSetName, type Zone, zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { bootImages } from "../lab/vsphere-objects.ts";

const program = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
const policy = "/apis/bootwarden.io/v1alpha1/bootimagepolicies/cluster";

/** Two workers of release A; release B is out, mode Observe; one of the workers runs something that nobody asked for. */
export async function setScene(stage: Stage): Promise<void> {
  const { lab } = stage;
  const [first] = zones as [Zone];
  for (const zone of zones) await scale(stage, machineSetName(zone), 1);
  const verified = ({ verdict }: { verdict: string | undefined }) => verdict === "Verified";
  const nodes = await waitForNodes(stage, "two Nodes Verified", { count: 2, test: verified });
  const node = nodes.find(({ name }) => name.startsWith(`${machineSetName(first)}-`));
  await lab.api.merge(policy, { spec: { mode: "Observe" } });
  await lab.api.apply(bootImages("4.20.15", lab.images[1]));
  const played = { metadata: { annotations: { [playAnnotation]: "wrong-image" } } };
  await lab.api.merge(`${machineApi}/machines/${node?.name}`, played);
  await waitForNodes(stage, "Mismatch", { count: 1, test: ({ verdict }) => verdict === "Mismatch" });
  await until({ signal: stage.signal, what: "the plan, and the Mismatch, in the status" }, async () => {
    const status = JSON.stringify((await lab.api.get(policy))?.status);
    return status.includes('"Move"') && status.includes('"mismatch":1');
  });
}

export interface Example {
  command: string;
  printed: string;
}

const block = /(?<=^```text\n)\$ kubectl bootwarden .*?(?=^```$)/gms;

/** The examples that stand in the page. */
export function examplesIn(page: string): Example[] {
  return [...page.matchAll(block)].flatMap(([text]) =>
    text.split(/^\$ /m).flatMap((one) => {
      const [command = "", ...lines] = one.split("\n");
      return command === "" ? [] : [{ command, printed: lines.join("\n").trim() }];
    }),
  );
}

/** The page with the examples that stand in it as they are printed now. */
export async function renewed(stage: Stage, page: string): Promise<string> {
  let text = page;
  for (const [old] of page.matchAll(block)) {
    const fresh: string[] = [];
    for (const { command } of examplesIn(`\`\`\`text\n${old}\`\`\`\n`)) {
      const example = await play(stage, command);
      fresh.push(`$ ${example.command}\n${example.printed}\n`);
    }
    text = text.replace(old, () => fresh.join("\n"));
  }
  return text;
}

/** Runs the command in a shell; a node of a MachineSet stands for the one that it has here. */
export async function play({ lab }: Stage, command: string): Promise<Example> {
  const nodes = (await lab.api.list("/api/v1/nodes")).map(({ metadata }) => metadata.name);
  const real = command.replace(nodeName, (name) => nodes.find((one) => one.startsWith(name.slice(0, -5))) ?? name);
  const { stdout } = await execa("bash", ["--norc", "-c", real], {
    env: {
      ...inheritedEnvironment(),
      PATH: `${await plugins(lab.ground.directory)}:${dirname(process.execPath)}:${inheritedEnvironment().PATH}`,
      KUBECONFIG: lab.controlPlane.kubeconfig,
    },
    extendEnv: false,
    // Whether there is something to do is no failure.
    reject: false,
    timeout: 60_000,
  });
  return { command: real, printed: stdout.trim() };
}

/** A folder in which kubectl finds the program as its plugin, as it is shipped. */
async function plugins(directory: string): Promise<string> {
  const folder = join(directory, "plugins");
  const file = join(folder, "kubectl-bootwarden");
  if (existsSync(file)) return folder;
  await bundleProgram(program, file);
  await chmod(file, 0o755);
  return folder;
}

const nodeName = /\blab-7x2kq-worker-[ab]-[a-z0-9]{5}\b/g;

/** The text without what differs from one run to the next: names of nodes, ages, and the spaces that make columns of them. */
export function masked(text: string): string {
  return text
    .replace(nodeName, (name) => `${name.slice(0, -5)}*****`)
    .replace(/\b\d+ days?\b/g, "N days")
    .replace(/\b\d+[smhd]$/gm, "N")
    .replace(/ {2,}/g, "  ");
}
