// The course of the controller's benchmark: a real API server with a fleet in it, a vCenter, and the controller as the manifests ship it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { bundleProgram } from "../../scripts/bundle-program.ts";
import { type Api, connect } from "../lab/api.ts";
import { binaries } from "../lab/binaries.ts";
import { clusterObjects } from "../lab/cluster-objects.ts";
import { type ControlPlane, startControlPlane } from "../lab/control-plane.ts";
import { type ControllerProgram, startController } from "../lab/controller-program.ts";
import { established, installCrds, kubectlApply, policiesHold } from "../lab/crds.ts";
import { machineApi, raiseFleet } from "../lab/fleet/fleet.ts";
import type { Member } from "../lab/fleet/member.ts";
import { type Ground, layGround } from "../lab/ground.ts";
import { installTemplates } from "../lab/installer.ts";
import { policyObjects } from "../lab/policy-objects.ts";
import { osDigest, releaseA, releaseB } from "../lab/releases.ts";
import { zones } from "../lab/topology.ts";
import { until } from "../lab/until.ts";
import { startVCenter, type VCenter } from "../lab/vcenter.ts";
import { bootImages, vsphereObjects } from "../lab/vsphere-objects.ts";

export interface Course {
  ground: Ground;
  api: Api;
  controlPlane: ControlPlane;
  controller: ControllerProgram;
  /** All that are there. */
  members: Member[];
  /** Makes members until there are so many. */
  grow: (nodes: number) => Promise<void>;
  /** Starts the controller; resolves with the milliseconds until it has judged all Nodes once. */
  start: () => Promise<number>;
  /** Its writes that the API server has answered so far, but for the renewals of its Lease. */
  writes: () => Promise<number>;
  close: () => Promise<void>;
}

const manifests = fileURLToPath(new URL("../../manifests/base", import.meta.url));
const machineSets = 200;

export async function layCourse(signal: AbortSignal, say: (line: string) => void): Promise<Course> {
  const end = new AbortController();
  const ground = await layGround(await binaries(signal, say), AbortSignal.any([signal, end.signal]));
  const [controlPlane, vcenter] = await Promise.all([startControlPlane(ground), startVCenter(ground)]);
  const api = await connect(controlPlane.kubeconfig, ground.dispatcher);
  await Promise.all([
    furnish(ground, api, { kubeconfig: controlPlane.kubeconfig, vcenter }),
    installTemplates(ground, vcenter, { release: releaseA }),
  ]);
  const controller = await shippedController(ground, api, controlPlane.url);
  const members: Member[] = [];
  return {
    ground,
    api,
    controlPlane,
    controller,
    members,
    grow: async (nodes) => {
      const began = performance.now();
      const plan = { api, server: vcenter.server, machineSets, nodes: { from: members.length, to: nodes } };
      members.push(...(await raiseFleet(plan)));
      say(`${nodes} nodes are there, after ${((performance.now() - began) / 1000).toFixed(1)} s`);
    },
    start: async () => {
      const began = performance.now();
      await controller.start();
      await controller.child().line((line) => line.includes("judged once"));
      return performance.now() - began;
    },
    writes: () => writesIn(controlPlane.auditLog),
    close: async () => {
      await controller.stop();
      end.abort();
      await Promise.all([...controlPlane.children, vcenter.child].map(({ ended }) => ended));
      await ground.clear();
    },
  };
}

interface Furnishing {
  kubeconfig: string;
  vcenter: VCenter;
}

/** An installed cluster without MachineSets, whose templates are those of its release: nothing is to be moved. */
async function furnish(ground: Ground, api: Api, { kubeconfig, vcenter }: Furnishing): Promise<void> {
  await installCrds(ground, api, kubeconfig);
  const { server, port } = vcenter;
  const installation = { sites: [{ server, port, zones }], version: "4.20.14", osDigest: osDigest(releaseB) };
  const image = { release: releaseA, url: "https://mirror.example.com/rhcos.ova", sha256: "0".repeat(64) };
  const objects = [...clusterObjects(installation), ...vsphereObjects(installation), bootImages("4.20.14", image)];
  for (const object of objects) await api.apply(object);
  await kubectlApply(ground, kubeconfig, ["-k", manifests]);
  await Promise.all([established(ground, api), policiesHold(ground, api)]);
  for (const object of policyObjects(server, ground.authority.certificate)) await api.apply(object);
  const kinds = ["machines", "machinesets"];
  await until({ signal: ground.signal, what: "the Machine API's kinds served" }, async () => {
    return await Promise.all(kinds.map((kind) => api.list(`${machineApi}/${kind}`)));
  });
}

/** The bundle with the flags of the Deployment; it does not run yet. */
async function shippedController(ground: Ground, api: Api, url: string): Promise<ControllerProgram> {
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
