// The requirements of real nodes: what the machine has to have and to allow, installed where that is possible.
import { access, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { LabError } from "../lab-error.ts";
import { inheritedEnvironment, scratchRoot } from "../settings.ts";
import { ownCgroups } from "./cgroups.ts";

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** What has to be there, and Debian's package that has it. */
const needs = {
  "/usr/bin/containerd": "containerd",
  "/usr/bin/containerd-shim-runc-v2": "containerd",
  "/usr/sbin/runc": "runc",
  "/usr/bin/buildah": "buildah",
  "/usr/lib/cni/bridge": "containernetworking-plugins",
  "/usr/lib/cni/host-local": "containernetworking-plugins",
  "/usr/sbin/ip": "iproute2",
};

/** Why no real node can run here, in a few words; undefined where they can. Installs Debian's packages where that is all that is missing. */
export async function whyNoKubelets(say: (line: string) => void): Promise<string | undefined> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "they need Linux and root";
  try {
    await ownCgroups();
    await install(say);
  } catch (error) {
    if (error instanceof LabError) return error.message;
    throw error;
  }
  return await whyNotByTheKernel();
}

async function whyNotByTheKernel(): Promise<string | undefined> {
  const directory = await mkdtemp(join(scratchRoot(), "bootwarden-try-"));
  const kernel = ["--net", "--pid", "--mount", "--uts", "--ipc", "--cgroup", "--fork", "--kill-child"];
  const options = { env: inheritedEnvironment(), extendEnv: false, reject: false, timeout: 20_000 } as const;
  const { failed, stderr } = await execa("unshare", [...kernel, "sh", script("requirements.sh"), directory], options);
  await rm(directory, { recursive: true });
  return failed ? `the kernel does not allow what they need (${stderr.trim().split("\n").at(-1)})` : undefined;
}

async function install(say: (line: string) => void): Promise<void> {
  const missing = await missingNeeds();
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, name]) => name))];
  say(`Installing ${packages.join(", ")} for real nodes ...`);
  const { failed } = await execa("sh", [script("packages.sh"), ...packages], {
    stdio: ["ignore", "ignore", "inherit"],
    reject: false,
  });
  const [still] = failed ? missing : await missingNeeds();
  if (still !== undefined)
    throw new LabError(`${still[0]} is missing, and Debian's ${still[1]} could not be installed`);
}

async function missingNeeds(): Promise<[string, string][]> {
  const found = await Promise.all(
    Object.entries(needs).map(
      async (need): Promise<[string, string] | undefined> =>
        access(need[0]).then(
          () => undefined,
          () => need,
        ),
    ),
  );
  return found.filter((need) => need !== undefined);
}
