// The lab as a command: starts it, says how to poke at it, and stays until Ctrl-C.
import { parseArgs } from "node:util";
import { worldInit } from "./kubelets/world.ts";
import { enterWorld } from "./kubelets/world-entry.ts";
import { type Lab, startLab } from "./lab.ts";
import { LabError } from "./lab-error.ts";
import { playAnnotation } from "./machine-room.ts";
import { checkPrerequisites } from "./prerequisites.ts";
import { worldDirectory } from "./settings.ts";

const usage = `npm run lab -- [--json] [--no-controller] [--no-nodes] [--no-machinesets] [--image-mib N] [--kubelets N]`;

const end = new AbortController();
// Not `once`: execa would take a signal that nobody listens for any more as leave to kill this process.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end.abort());

try {
  const options = readOptions();
  await checkPrerequisites();
  if (options.kubelets === 0 || worldDirectory() !== undefined) await stay(options);
  else process.exitCode = await enterWorld([process.execPath, ...process.argv.slice(1)], { signal: end.signal, say });
} catch (error) {
  if (!end.signal.aborted) {
    console.error(error instanceof LabError ? error.message : error);
    process.exitCode = 1;
  }
}

async function stay(options: ReturnType<typeof readOptions>): Promise<void> {
  const lab = await startLab({ ...options, say }, end.signal);
  const world = await worldInit();
  console.log(options.json ? JSON.stringify({ ...facts(lab), ...(world && { world }) }) : guide(lab, world));
  if (!end.signal.aborted) await new Promise((resolve) => end.signal.addEventListener("abort", resolve));
  await lab.close();
}

function say(line: string): void {
  console.error(line);
}

function readOptions() {
  try {
    const { values } = parseArgs({
      allowNegative: true,
      options: {
        json: { type: "boolean", default: false },
        controller: { type: "boolean", default: true },
        nodes: { type: "boolean", default: true },
        machinesets: { type: "boolean", default: true },
        "image-mib": { type: "string", default: "64" },
        kubelets: { type: "string", default: "0" },
      },
    });
    const imageMiB = Number(values["image-mib"]);
    if (!Number.isInteger(imageMiB) || imageMiB < 1 || imageMiB > 8000) throw new RangeError("--image-mib: 1 to 8000");
    const kubelets = Number(values.kubelets);
    if (!Number.isInteger(kubelets) || kubelets < 0 || kubelets > 9) throw new RangeError("--kubelets: 0 to 9");
    // The controller is a pod then.
    const real = kubelets > 0 ? { controller: false } : {};
    return { ...values, ...real, machineSets: values.machinesets, imageMiB, kubelets };
  } catch (error) {
    throw new LabError(`${error instanceof Error ? error.message : error}\nUsage: ${usage}`);
  }
}

/** What `--json` prints. */
function facts({ ground, controlPlane, vcenter, images, children }: Lab) {
  const { server, url, username, password } = vcenter;
  return {
    kubeconfig: controlPlane.kubeconfig,
    caFile: ground.caFile,
    vcenters: [{ server, url, username, password, caFile: ground.caFile }],
    images,
    pids: { lab: process.pid, ...Object.fromEntries(children().map((child) => [child.name, child.pid])) },
  };
}

function guide(lab: Lab, world: number | undefined): string {
  const { ground, controlPlane, vcenter, images, controller, releaseFile } = lab;
  const exports = Object.entries(vcenter.environment).map(([name, value]) => `export ${name}=${value}`);
  const where =
    world === undefined
      ? "on loopback"
      : `in a world of its own. A shell in it: nsenter --target ${world} --net --pid --mount`;
  return `
A vSphere OpenShift cluster of real servers is running ${where}
Logs: ${ground.logs}

  export KUBECONFIG=${controlPlane.kubeconfig}
${exports.map((line) => `  ${line}`).join("\n")}
  export PATH=${ground.binaries}:$PATH                  # govc

Look at it:
  kubectl get bootimagepolicy cluster
  kubectl get nodes -L bootwarden.io/verdict,bootwarden.io/os-digest
  kubectl -n openshift-machine-api get machinesets,machines
  govc find / -type m${controller === undefined ? "" : `\n  curl -s ${controller.metrics} | grep ^bootwarden`}

Make it move:
  kubectl -n openshift-machine-api scale machineset lab-7x2kq-worker-a --replicas=1                # a worker
  kubectl apply --server-side --force-conflicts -f ${releaseFile}     # release B
  kubectl -n openshift-machine-api annotate machine --all ${playAnnotation}=wrong-image     # or reboot, stage

vCenter: ${vcenter.url}, user ${vcenter.username}, password ${vcenter.password}, CA ${ground.caFile}
Boot images: ${images.map(({ release, url }) => `${release} at ${url}`).join("\n             ")}

Ctrl-C ends it.`;
}
