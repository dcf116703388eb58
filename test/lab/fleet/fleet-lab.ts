// The fleet's lab: a real API server and a vCenter, bootwarden's manifests, and a fleet of any size; no controller yet.
import { fileURLToPath } from "node:url";
import { type Api, connect } from "../api.ts";
import { binaries } from "../binaries.ts";
import { clusterObjects } from "../cluster-objects.ts";
import { type ControlPlane, startControlPlane } from "../control-plane.ts";
import { established, installCrds, kubectlApply, policiesHold } from "../crds.ts";
import { type Ground, layGround } from "../ground.ts";
import { installTemplates } from "../installer.ts";
import { policyObjects } from "../policy-objects.ts";
import { osDigest, releaseA, releaseB } from "../releases.ts";
import { zones } from "../topology.ts";
import { until } from "../until.ts";
import { startVCenter, type VCenter } from "../vcenter.ts";
import { bootImages, vsphereObjects } from "../vsphere-objects.ts";
import { machineApi, raiseFleet } from "./fleet.ts";
import type { Member } from "./member.ts";

export interface FleetLab {
  ground: Ground;
  api: Api;
  controlPlane: ControlPlane;
  vcenter: VCenter;
  /** All that are there. */
  members: Member[];
  /** Makes members until there are so many. */
  grow: (nodes: number) => Promise<void>;
  close: () => Promise<void>;
}

interface FleetLabOptions {
  machineSets: number;
  say: (line: string) => void;
}

const manifests = fileURLToPath(new URL("../../../manifests/base", import.meta.url));

/** Starts the servers; it ends with `close` or with the signal. */
export async function openFleetLab({ machineSets, say }: FleetLabOptions, signal: AbortSignal): Promise<FleetLab> {
  const end = new AbortController();
  const ground = await layGround(await binaries(signal, say), AbortSignal.any([signal, end.signal]));
  const [controlPlane, vcenter] = await Promise.all([startControlPlane(ground), startVCenter(ground)]);
  const api = await connect(controlPlane.kubeconfig, ground.dispatcher);
  await Promise.all([
    furnish(ground, api, { kubeconfig: controlPlane.kubeconfig, vcenter }),
    installTemplates(ground, vcenter, { release: releaseA }),
  ]);
  const members: Member[] = [];
  return {
    ground,
    api,
    controlPlane,
    vcenter,
    members,
    grow: async (nodes) => {
      const plan = { api, server: vcenter.server, machineSets, nodes: { from: members.length, to: nodes } };
      members.push(...(await raiseFleet(plan)));
    },
    close: async () => {
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
