// The uninstallation's Job, as its overlay builds it: no more rights than the controller has, and where it may run.
import { expect, test } from "vitest";
import { z } from "zod";
import { uninstallName } from "../../common/annotations.ts";
import { builtManifests } from "./built.ts";

const manifests = await builtManifests("overlays/uninstall");
const specOf = (kind: string) => manifests.find((object) => object.kind === kind)?.spec;
const Job = z.strictObject({
  backoffLimit: z.literal(5),
  activeDeadlineSeconds: z.literal(900),
  template: z.strictObject({
    metadata: z.looseObject({ annotations: z.unknown() }),
    spec: z.looseObject({ containers: z.tuple([z.looseObject({ name: z.string() })]) }),
  }),
});
const { template } = Job.parse(specOf("Job"));
const [container] = template.spec.containers;

test("it says which SCC it needs, which container is meant, and that it may move to management cores", () => {
  expect(template.metadata.annotations).toEqual({
    "openshift.io/required-scc": "restricted-v2",
    "kubectl.kubernetes.io/default-container": container.name,
    "target.workload.openshift.io/management": '{"effect":"PreferredDuringScheduling"}',
  });
});

test("its pod has its own account, its priority and no right on the node, and stays on the control plane", () => {
  const { containers: _, ...pod } = template.spec;
  expect(pod).toEqual({
    serviceAccountName: uninstallName,
    restartPolicy: "OnFailure",
    priorityClassName: "system-cluster-critical",
    nodeSelector: { "node-role.kubernetes.io/master": "" },
    tolerations: [{ key: "node-role.kubernetes.io/master", operator: "Exists", effect: "NoSchedule" }],
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  });
});

test("its container can do nothing but speak to the API server, and ends with its log as message", () => {
  expect(container).toEqual({
    name: "uninstall",
    image: "bootwarden:latest",
    imagePullPolicy: "IfNotPresent",
    command: ["node", "/opt/bootwarden/uninstall.mjs"],
    resources: { requests: { cpu: "5m", memory: "100Mi" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    terminationMessagePolicy: "FallbackToLogsOnError",
  });
});

test("no controller and no agent has a place to run", () => {
  expect(specOf("Deployment")).toMatchObject({ replicas: 0 });
  expect(specOf("DaemonSet")).toMatchObject({
    template: { spec: { nodeSelector: { "bootwarden.io/uninstalled": "true" } } },
  });
});

test("everything of the installation is in it, or its end would leave something behind", async () => {
  const keys = (objects: typeof manifests) =>
    objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`);
  const ending = keys(manifests);
  expect(keys(await builtManifests("overlays/observe")).filter((key) => !ending.includes(key))).toEqual([]);
});
