// The agent's pod on a fleet's node, of the size that it has in a real cluster.
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { namespace } from "../../../common/annotations.ts";
import type { KubeObject } from "../api.ts";
import { osDigest, osImage } from "../releases.ts";
import { began, type Member, uuid } from "./member.ts";

const DaemonSet = z.object({
  spec: z.object({
    template: z.object({
      metadata: z.looseObject({ labels: z.record(z.string(), z.string()) }),
      spec: z.looseObject({ containers: z.array(z.looseObject({ name: z.string(), image: z.string() })) }),
    }),
  }),
});
const file = new URL("../../../manifests/base/agent-daemonset.yaml", import.meta.url);
const { template: podTemplate } = DaemonSet.parse(parse(readFileSync(file, "utf8"))).spec;

/** The agent's pod on a Node, Ready, as the DaemonSet's controller and the kubelet make it. */
export function fleetPod({ name }: Pick<Member, "name">): KubeObject {
  const condition = (type: string) => ({ type, status: "True", lastProbeTime: null, lastTransitionTime: began });
  const owner = { apiVersion: "apps/v1", kind: "DaemonSet", name: "bootwarden-agent", uid: uuid("daemonset") };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...podTemplate.metadata,
      name: podName(name),
      namespace,
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
    },
    spec: { ...podTemplate.spec, nodeName: name },
    status: {
      phase: "Running",
      startTime: began,
      podIP: "10.128.4.17",
      podIPs: [{ ip: "10.128.4.17" }],
      hostIP: "10.40.1.21",
      qosClass: "Burstable",
      conditions: ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"].map(
        condition,
      ),
      containerStatuses: podTemplate.spec.containers.map((container) => ({
        name: container.name,
        image: container.image,
        imageID: osImage(osDigest("agent")),
        containerID: `cri-o://${uuid(`container ${name}`).replaceAll("-", "").repeat(2)}`,
        ready: true,
        started: true,
        restartCount: 0,
        lastState: {},
        state: { running: { startedAt: began } },
      })),
    },
  };
}

/** Of the agent's pod on a Node. */
export function podName(node: string): string {
  return `bootwarden-agent-${uuid(`pod ${node}`).slice(0, 13)}`;
}
