// The shell of an admin: bash beside a copy of the manifests, with the programs that the pages name and a kubeconfig.
import { chmod, cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Lab } from "../lab/lab.ts";
import { inheritedEnvironment } from "../lab/settings.ts";
import { manifestsDirectory } from "../manifests/built.ts";

export interface AdminShell {
  directory: string;
  /** Runs a text as it is typed, and resolves with what it prints. Throws what it said where it ended with another code than 0 or those given. */
  run: (text: string, codes?: readonly number[]) => Promise<string>;
}

/** OpenShift's client: what the pages use of it beyond kubectl is a command on a node, in the host's root. */
const oc = `#!/bin/sh
if [ "$1" = debug ]; then
  root="$LAB_NODES/\${2#node/}"
  shift 5
  exec chroot "$root" "$@"
fi
exec kubectl "$@"
`;

/** What stands in the pages for the names of a site, and what the lab has in its place. */
function sitesNames({ vcenter, mirror }: Lab): [string, string][] {
  return [
    ["vcenter.example.com", vcenter.server],
    ["VCENTER:443", `${vcenter.server}:${vcenter.port}`],
    ["https://mirror.example.com/rhcos", `${mirror.origin}/mirror`],
    // Its nodes were given the image that was built with the lab.
    ["registry.example.com/tools/bootwarden", "localhost/bootwarden"],
    ["newTag: 0.1.0", "newTag: lab"],
  ];
}

export async function openAdminShell(lab: Lab, password: string): Promise<AdminShell> {
  const { ground, controlPlane, vcenter } = lab;
  const directory = join(ground.directory, "checkout");
  const programs = join(ground.directory, "programs");
  await cp(manifestsDirectory, join(directory, "manifests"), { recursive: true });
  await mkdir(programs);
  await writeFile(join(programs, "oc"), oc);
  await chmod(join(programs, "oc"), 0o755);
  await symlink(process.execPath, join(programs, "node"));
  await symlink(join(ground.binaries, "govc"), join(programs, "govc"));
  const bundles = join(ground.directory, "images/context/dist");
  await symlink(join(bundles, "kubectl-bootwarden"), join(programs, "kubectl-bootwarden"));
  for (const whose of ["vcenter", "mirror"]) await cp(ground.caFile, join(directory, `${whose}-ca.pem`));
  const inherited = inheritedEnvironment();
  const env = {
    ...inherited,
    ...vcenter.environment,
    PATH: `${programs}:${inherited.PATH}`,
    KUBECONFIG: controlPlane.kubeconfig,
    LAB_NODES: join(ground.directory, "nodes"),
    VCENTER_PASSWORD: password,
  };
  const options = { cwd: directory, env, extendEnv: false, reject: false, timeout: 180_000, all: true } as const;
  const names = sitesNames(lab);
  const run: AdminShell["run"] = async (text, codes = [0]) => {
    const typed = names.reduce((part, [from, to]) => part.replaceAll(from, to), text);
    const shell = ["--norc", "-euo", "pipefail", "-c", typed];
    const { exitCode, stdout, all } = await execa("bash", shell, { ...options, cancelSignal: ground.signal });
    if (exitCode === undefined || !codes.includes(exitCode))
      throw new Error(`${typed}\nended with ${exitCode}:\n${all}`);
    return stdout;
  };
  return { directory, run };
}
