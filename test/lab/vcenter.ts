// The vCenter of the lab: the simulator, its account and govc.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { type Child, startChild } from "./child.ts";
import { freePort } from "./free-port.ts";
import type { Ground } from "./ground.ts";
import { inheritedEnvironment } from "./settings.ts";
import { vcenterPassword, vcenterUser } from "./topology.ts";
import { type VCenterControl, vcenterControl } from "./vcenter-control.ts";

export interface VCenter {
  server: string;
  port: number;
  /** Ends in /sdk. */
  url: string;
  username: string;
  password: string;
  child: Child;
  /** Path of the simulator's trace: one JSON line a call (servers/vsphere/vcenter/trace.go). */
  trace: string;
  /** Makes faults, and tells what sessions are open. */
  control: VCenterControl;
  /** Runs govc as the lab's account; resolves with its stdout. */
  govc: (...commandLine: string[]) => Promise<string>;
  /** What a person needs to run govc. */
  environment: Record<string, string>;
}

export interface VCenterOptions {
  /** Of its files; left out: "vcenter". */
  name?: string;
  /** The name by which it is known; left out: its address. */
  server?: string;
  /** Further flags of the simulator (servers/vsphere/vcenter/settings.go); the last of a name wins. */
  flags?: string[];
}

const Ready = z.object({ url: z.string(), control: z.string() });

/** Starts the simulator with the lab's topology. */
export async function startVCenter(
  ground: Ground,
  { name = "vcenter", server = ground.authority.address, flags = [] }: VCenterOptions = {},
): Promise<VCenter> {
  const trace = join(ground.directory, `${name}-trace.jsonl`);
  const child = await startSimulator(ground, name, [`--trace=${trace}`, ...flags]);
  const { url, control } = Ready.parse(JSON.parse(await child.line((line) => line.startsWith("{"))));
  const environment = {
    GOVC_URL: url,
    GOVC_USERNAME: vcenterUser,
    GOVC_PASSWORD: vcenterPassword,
    GOVC_TLS_CA_CERTS: ground.caFile,
    GOVC_PERSIST_SESSION: "false",
  };
  return {
    server,
    port: Number(new URL(url).port),
    url,
    username: vcenterUser,
    password: vcenterPassword,
    child,
    trace,
    control: vcenterControl(control, ground.signal),
    environment,
    govc: async (...commandLine) => {
      const { stdout } = await execa(join(ground.binaries, "govc"), commandLine, {
        env: { ...inheritedEnvironment(), ...environment },
        extendEnv: false,
        timeout: 120_000,
        cancelSignal: ground.signal,
      });
      return stdout;
    },
  };
}

async function startSimulator(ground: Ground, name: string, flags: string[]): Promise<Child> {
  const file = (end: string) => join(ground.directory, `${name}.${end}`);
  const { certificate, key } = await ground.authority.issue(name);
  await writeFile(file("crt"), certificate);
  await writeFile(file("key"), key, { mode: 0o600 });
  return startChild({
    name,
    command: join(ground.binaries, "vcenter"),
    arguments: [
      `--listen=${ground.authority.address}:${await freePort()}`,
      `--cert=${file("crt")}`,
      `--key=${file("key")}`,
      `--username=${vcenterUser}`,
      `--password=${vcenterPassword}`,
      "--control=127.0.0.1:0",
      ...flags,
    ],
    environment: { TMPDIR: ground.directory },
    logFile: join(ground.logs, `${name}.log`),
    signal: ground.signal,
  });
}
