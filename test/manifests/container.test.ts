// The containers: no more of the host than the reasons beside each right say.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { agentName, controllerName } from "../../common/annotations.ts";
import { base, builtManifests } from "./built.ts";

const Pod = z.looseObject({
  serviceAccountName: z.string(),
  securityContext: z.unknown().optional(),
  hostNetwork: z.boolean().default(false),
  hostPID: z.boolean().default(false),
  hostIPC: z.boolean().default(false),
  initContainers: z.array(z.unknown()).default([]),
  containers: z.array(
    z.looseObject({
      ports: z.array(z.looseObject({})),
      securityContext: z.unknown(),
      env: z.array(z.object({ name: z.string(), value: z.string().optional(), valueFrom: z.unknown().optional() })),
      envFrom: z.array(z.unknown()).default([]),
      volumeMounts: z.array(z.looseObject({ name: z.string(), readOnly: z.boolean().default(false) })),
    }),
  ),
  volumes: z.array(z.looseObject({ name: z.string() })),
});
const Workload = z.object({ spec: z.object({ template: z.object({ spec: Pod }) }) });

const manifests = await builtManifests();

function podOf(kind: string, name: string) {
  const found = manifests.find((object) => object.kind === kind && object.metadata.name === name);
  const pod = Workload.parse(found).spec.template.spec;
  const [container] = pod.containers;
  if (container === undefined) throw new TypeError(`${kind} ${name} has no container`);
  return { pod, container };
}

describe.each([
  ["DaemonSet", agentName, ["host", "tls", "client-ca"]],
  ["Deployment", controllerName, ["tls", "client-ca"]],
])("the pod of the %s %s", (kind, name, volumes) => {
  const { pod, container } = podOf(kind, name);

  test("has no namespace of the host, no port of the host, and one port in all", () => {
    expect([pod.hostNetwork, pod.hostPID, pod.hostIPC]).toEqual([false, false, false]);
    expect(container.ports).toEqual([{ name: "metrics", containerPort: expect.any(Number) }]);
  });

  test("has one container, and nothing runs before it", () => {
    expect(pod.containers).toHaveLength(1);
    expect(pod.initContainers).toEqual([]);
  });

  test("mounts only what is known, and nothing to write", () => {
    expect(pod.volumes.map((volume) => volume.name)).toEqual(volumes);
    expect(container.volumeMounts.filter(({ readOnly }) => !readOnly)).toEqual([]);
  });

  test("has no secret in its environment", () => {
    const sources = container.env.flatMap(({ valueFrom }) => valueFrom ?? []);
    expect(sources).toEqual(kind === "DaemonSet" ? [{ fieldRef: { fieldPath: "spec.nodeName" } }] : []);
    expect(container.envFrom).toEqual([]);
  });
});

test("the agent is root with one capability, and cannot write its own file system", () => {
  const { pod, container } = podOf("DaemonSet", agentName);
  expect(container.securityContext).toEqual({
    runAsUser: 0,
    capabilities: { drop: ["ALL"], add: ["SYS_CHROOT"] },
    seLinuxOptions: { type: "spc_t", level: "s0" },
    allowPrivilegeEscalation: false,
    seccompProfile: { type: "RuntimeDefault" },
    readOnlyRootFilesystem: true,
  });
  expect(pod.volumes[0]).toEqual({ name: "host", hostPath: { path: "/", type: "Directory" } });
  // What the host mounts later (/run/user, a sysroot that is mounted anew) is seen, and nothing comes back.
  expect(container.volumeMounts[0]).toEqual({
    name: "host",
    mountPath: "/host",
    readOnly: true,
    mountPropagation: "HostToContainer",
  });
});

test("the controller has no right on its node, and stays on the control plane", () => {
  const { pod, container } = podOf("Deployment", controllerName);
  expect(container.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  expect(pod.securityContext).toEqual({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
  expect(pod.nodeSelector).toEqual({ "node-role.kubernetes.io/master": "" });
});

describe("each right of the agent's pod has its reason in the line before", () => {
  const lines = readFileSync(`${base}/agent-daemonset.yaml`, "utf8").split("\n");
  const rights = [
    "openshift.io/required-scc: privileged",
    "serviceAccountName: bootwarden-agent",
    "hostNetwork: false",
    "priorityClassName: system-node-critical",
    "tolerations:",
    "ports:",
    "runAsUser: 0",
    "capabilities: {drop: [ALL], add: [SYS_CHROOT]}",
    "seLinuxOptions: {type: spc_t, level: s0}",
    "allowPrivilegeEscalation: false",
    "seccompProfile: {type: RuntimeDefault}",
    "readOnlyRootFilesystem: true",
  ];

  test.each(rights)("%s", (right) => {
    const at = lines.findIndex((line) => line.trim() === right);
    expect(lines[at - 1]?.trim()).toMatch(/^# \S/);
  });

  test.each(["mountPath: /host", "hostPath:"])("%s", (right) => {
    const at = lines.findIndex((line) => line.trim() === right);
    expect(lines[at - 1]?.trim()).toBe("- name: host");
    expect(lines[at - 2]?.trim()).toMatch(/^# \S/);
  });
});
