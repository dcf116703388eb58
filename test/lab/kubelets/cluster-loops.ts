// The loops of a cluster whose nodes run: kube-scheduler and kube-controller-manager.
import { join } from "node:path";
import { type Child, startChild } from "../child.ts";
import type { ControlPlane } from "../control-plane.ts";
import { freePort } from "../free-port.ts";
import type { Ground } from "../ground.ts";
import { writeKubeconfig } from "../kubeconfig.ts";

/** Starts both. `binaries` is the directory that holds them. */
export async function startClusterLoops(ground: Ground, plane: ControlPlane, binaries: string): Promise<Child[]> {
  return [
    await loop(ground, plane, { name: "kube-scheduler", binaries, flags: [] }),
    await loop(ground, plane, {
      name: "kube-controller-manager",
      binaries,
      flags: [
        `--service-account-private-key-file=${plane.accountsKey}`,
        `--root-ca-file=${ground.caFile}`,
        "--use-service-account-credentials=true",
        // The nodes' own CNI plugin hands out addresses.
        "--allocate-node-cidrs=false",
      ],
    }),
  ];
}

interface Loop {
  name: string;
  binaries: string;
  flags: string[];
}

async function loop(ground: Ground, { url }: ControlPlane, { name, binaries, flags }: Loop): Promise<Child> {
  const client = await ground.authority.issue(`system:${name}`);
  const kubeconfig = await writeKubeconfig(ground, join(ground.directory, `${name}.kubeconfig`), { url, client });
  return startChild({
    name,
    command: join(binaries, name),
    arguments: [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      "--leader-elect=false",
      "--bind-address=127.0.0.1",
      `--secure-port=${await freePort()}`,
      `--cert-dir=${join(ground.directory, name)}`,
      ...flags,
    ],
    logFile: join(ground.logs, `${name}.log`),
    // Nothing of it is kept.
    killSignal: "SIGKILL",
    signal: ground.signal,
  });
}
