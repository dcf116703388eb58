// The course of the controller's benchmark: a fleet on a real API server, and the controller on it as the manifests ship it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { bundleProgram } from "../../scripts/bundle-program.ts";
import { type ControllerProgram, startController } from "../lab/controller-program.ts";
import { machineApi } from "../lab/fleet/fleet.ts";
import { type FleetLab, openFleetLab } from "../lab/fleet/fleet-lab.ts";
import { LabError } from "../lab/lab-error.ts";

export interface Course extends FleetLab {
  controller: ControllerProgram;
  /** Starts the controller; resolves with the milliseconds until it has judged all Nodes once. */
  start: () => Promise<number>;
  /** Its writes that the API server has answered so far, but for the renewals of its Lease. */
  writes: () => Promise<number>;
}

export async function layCourse(signal: AbortSignal, say: (line: string) => void): Promise<Course> {
  const lab = await openFleetLab({ machineSets: 200, say }, signal);
  const controller = await shippedController(lab);
  return {
    ...lab,
    controller,
    grow: async (nodes) => {
      const began = performance.now();
      await lab.grow(nodes);
      say(`${nodes} nodes are there, after ${((performance.now() - began) / 1000).toFixed(1)} s`);
      await requireSizes(lab);
    },
    start: async () => {
      await controller.start();
      const began = performance.now();
      await controller.child().line((line) => line.includes("judged once"));
      return performance.now() - began;
    },
    writes: () => writesIn(lab.controlPlane.auditLog),
    close: async () => {
      await controller.stop();
      await lab.close();
    },
  };
}

/** Bytes that they have at least, or it is no measure of a real cluster. */
const sizes = { node: 15 * 1024, machine: 4 * 1024 };

async function requireSizes({ api, members }: FleetLab): Promise<void> {
  const name = members.at(-1)?.name;
  const sizeOf = async (path: string) => JSON.stringify(await api.get(path)).length;
  const [node, machine] = [await sizeOf(`/api/v1/nodes/${name}`), await sizeOf(`${machineApi}/machines/${name}`)];
  if (node < sizes.node || machine < sizes.machine)
    throw new LabError(`A Node of ${node} bytes and a Machine of ${machine} are smaller than real ones.`);
}

/** The bundle with the flags of the Deployment; it does not run yet. */
async function shippedController({ ground, api, controlPlane: { url } }: FleetLab): Promise<ControllerProgram> {
  const bundle = join(ground.directory, "controller.mjs");
  await bundleProgram(fileURLToPath(new URL("../../controller/main.ts", import.meta.url)), bundle);
  const controller = await startController({ ground, api, url, environment: { LOG_LEVEL: "info" } }, bundle);
  await controller.stop("SIGKILL");
  return controller;
}

const Request = z.object({
  verb: z.string(),
  user: z.object({ username: z.string() }),
  objectRef: z.object({ resource: z.string() }).optional(),
});

async function writesIn(auditLog: string): Promise<number> {
  const lines = (await readFile(auditLog, "utf8")).trim().split("\n");
  const requests = lines.filter(Boolean).map((line) => Request.parse(JSON.parse(line)));
  return requests.filter(
    ({ verb, user, objectRef }) =>
      user.username === "system:serviceaccount:bootwarden:bootwarden-controller" &&
      ["create", "update", "patch", "delete", "deletecollection"].includes(verb) &&
      objectRef?.resource !== "leases",
  ).length;
}
